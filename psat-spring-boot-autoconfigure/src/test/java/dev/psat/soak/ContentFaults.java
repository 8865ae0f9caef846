package dev.psat.soak;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import dev.psat.token.SourceState;

/**
 * Whole files that contain no token, an odd one, or one for somebody else.
 */
final class ContentFaults {

	private static final Duration AGE = Duration.ofMinutes(5);

	private ContentFaults() {
	}

	static List<Fault> all() {
		List<Fault> faults = new ArrayList<>();
		faults.add(malformed("empty file", (token) -> ""));
		faults.add(malformed("spaces only", (token) -> "  \n"));
		faults.add(published("white space around the token", (token) -> " \n" + token + "\r\n"));
		faults.add(malformed("byte order mark", (token) -> "\u00ef\u00bb\u00bf" + token));
		faults.add(malformed("NUL inside", (token) -> token.replace('.', '\0')));
		faults.add(malformed("letters that are not ASCII", (token) -> token + "\u00e9"));
		faults.add(malformed("two tokens", (token) -> token + "\n" + token));
		faults.add(malformed("prefix Bearer", (token) -> "Bearer " + token));
		faults.add(malformed("two parts", (token) -> token.substring(0, token.lastIndexOf('.'))));
		faults.add(malformed("five parts", (token) -> token + ".e30.e30"));
		faults.add(malformed("no signature", (token) -> token.substring(0, token.lastIndexOf('.') + 1)));
		faults.add(malformed("padding", (token) -> token + "=="));
		faults.add(minted("alg none", (mint) -> mint.withHeader("{\"alg\":\"none\"}")));
		faults.add(minted("alg HS256", (mint) -> mint.withHeader("{\"alg\":\"HS256\"}")));
		faults.add(minted("no alg", (mint) -> mint.withHeader("{}")));
		faults.add(malformedClaims("claims that are an array", (claims) -> "[" + claims + "]"));
		faults.add(malformedClaims("exp twice", (claims) -> claims.replace("\"iat\"", "\"exp\"")));
		faults.add(malformedClaims("deep nesting",
				(claims) -> "{\"deep\":" + "[".repeat(10_000) + "]".repeat(10_000) + "," + claims.substring(1)));
		faults.add(malformedClaims("garbage after the claims", (claims) -> claims + "{}"));
		faults.add(malformedClaims("no exp", (claims) -> claims.replace("\"exp\"", "\"expires\"")));
		faults.add(malformedClaims("exp that is no date", (claims) -> claims.replace("\"exp\":", "\"exp\":1e99")));
		faults.add(publishedClaims("exp with a fraction", (claims) -> claims.replace(",\"iat\"", ".5,\"iat\"")));
		faults.add(publishedClaims("aud that is a string", (claims) -> claims.replaceAll("[\\[\\]]", "")));
		faults.add(new Fault("token for another audience", Effect.problem(SourceState.WRONG_AUDIENCE),
				(world, random) -> world.volume
					.write(world.mint.withClaims((claims) -> claims.replace(Subject.AUDIENCE, "vault")))));
		faults.add(publishedClaims("unknown claims, odd ones of Kubernetes'",
				(claims) -> claims.replaceAll("\\{\"namespace.*}},", "{\"pod\":null,\"node\":{},\"new\":[1]},")));
		faults.add(new Fault("token that is valid in five seconds", Effect.NONE,
				(world, random) -> world.publish(world.mint.issuedBefore(Duration.ofSeconds(-5)))));
		faults.add(new Fault("token that is valid in two days", Effect.problem(SourceState.STALE),
				(world, random) -> world.volume.write(world.mint.issuedBefore(Duration.ofDays(-2)))));
		faults.add(new Fault("warnafter has passed", Effect.OVERDUE,
				(world, random) -> world.publish(world.mint.withClaims(AGE, (claims) -> claims.replace("{\"namespace\"",
						"{\"warnafter\":%d,\"namespace\"".formatted(Instant.now().getEpochSecond()))))));
		return faults;
	}

	private static Fault malformed(String name, UnaryOperator<String> change) {
		return minted(name, (mint) -> change.apply(mint.token()));
	}

	private static Fault malformedClaims(String name, UnaryOperator<String> change) {
		return minted(name, (mint) -> mint.withClaims(change));
	}

	private static Fault minted(String name, Function<TokenMint, String> content) {
		return new Fault(name, Effect.problem(SourceState.MALFORMED),
				(world, random) -> world.volume.write(content.apply(world.mint)));
	}

	private static Fault published(String name, UnaryOperator<String> around) {
		return new Fault(name, Effect.NONE,
				(world, random) -> world.volume.write(around.apply(world.announce(world.mint.token()))));
	}

	private static Fault publishedClaims(String name, UnaryOperator<String> change) {
		return new Fault(name, Effect.NONE, (world, random) -> world.publish(world.mint.withClaims(change)));
	}

}
