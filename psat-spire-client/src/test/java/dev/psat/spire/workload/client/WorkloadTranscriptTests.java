package dev.psat.spire.workload.client;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.Transcripts;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.wire.internal.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The messages of a real SPIRE Agent, by our values.
 */
class WorkloadTranscriptTests {

	private static final TrustDomain EXAMPLE = TrustDomain.of("example.org");

	private static final TrustDomain PARTNER = TrustDomain.of("partner.org");

	@ParameterizedTest
	@MethodSource("x509Steps")
	void x509SvidsFitTheirKeysAndTheirTrustBundles(Transcripts.Step step) {
		WorkloadX509Update update = x509(step.name());
		assertThat(update.svids()).isNotEmpty().allSatisfy((svid) -> {
			assertThat(svid.svid().spiffeId().trustDomain()).isEqualTo(EXAMPLE);
			assertThat(svid.trustBundle().trustDomain()).isEqualTo(EXAMPLE);
			svid.trustBundle().verify(svid.svid(), step.at());
		});
	}

	@ParameterizedTest
	@MethodSource("x509Steps")
	void clockOffTheServersIsNoReasonToRefuse(Transcripts.Step step) {
		for (long seconds : List.of(-1_000_000L, 1_000_000L)) {
			assertThat(answers(step.at().plusSeconds(seconds)).x509(message(step.reply())).svids()).isNotEmpty();
		}
	}

	@Test
	void newSvidComesWithItsOwnKey() {
		assertThat(x509("x509").svids().get(0).privateKey())
			.isNotEqualTo(x509("x509-rotated").svids().get(0).privateKey());
		assertThat(x509("rsa-x509").svids().get(0).privateKey().getAlgorithm()).isEqualTo("RSA");
	}

	@Test
	void entriesAreToldApartByTheirHints() {
		assertThat(x509("two").svids()).extracting((svid) -> svid.svid().hint()).hasSize(2).doesNotHaveDuplicates();
		assertThat(x509("two-one-deleted").svids()).hasSize(1);
		assertThat(x509("two-equal-hints").svids()).hasSize(1);
	}

	@Test
	void federatedBundleComesAndGoesWithTheStream() {
		assertThat(x509("federated-x509").federatedBundles()).containsOnlyKeys(PARTNER);
		assertThat(x509("federated-x509-ended").federatedBundles()).isEmpty();
	}

	@Test
	void authoritiesFollowARotation() {
		assertThat(Stream.of("before", "prepared", "tainted", "revoked").map((step) -> x509("rotation-" + step)))
			.extracting((update) -> update.svids().get(0).trustBundle().x509Authorities().size())
			.containsExactly(1, 2, 2, 1);
		assertThat(Stream.of("before", "prepared", "revoked")
			.map((step) -> jwtBundles("rotation-jwt-" + step).values()
				.stream()
				.mapToInt((bundle) -> bundle.jwtAuthorities().size())
				.sum()))
			.containsExactly(1, 2, 1);
	}

	@Test
	void bundlesAloneAreThoseOfBothTrustDomains() {
		Transcripts.Step step = step("federated-x509-bundles");
		assertThat(answers(step.at()).x509Bundles(message(step.reply()))).containsOnlyKeys(EXAMPLE, PARTNER)
			.allSatisfy((trustDomain, bundle) -> assertThat(bundle.x509Authorities()).hasSize(1));
		assertThat(jwtBundles("federated-jwt-bundles")).containsOnlyKeys(EXAMPLE, PARTNER)
			.allSatisfy((trustDomain, bundle) -> assertThat(bundle.jwtAuthorities()).hasSize(1));
		assertThat(jwtBundles("jwt-off-jwt-bundles"))
			.allSatisfy((trustDomain, bundle) -> assertThat(bundle.jwtAuthorities()).isEmpty());
	}

	@ParameterizedTest
	@ValueSource(strings = { "jwtsvid", "jwtsvid-two-audiences", "jwtsvid-two-entries", "jwtsvid-by-id" })
	void jwtSvidsAreThoseOfTheRequest(String name) {
		Transcripts.Step step = step(name);
		Message request = message(step.request());
		String requested = request.text(WorkloadFields.JWTSVID_REQUEST_SPIFFE_ID);
		List<String> audience = request.texts(WorkloadFields.JWTSVID_REQUEST_AUDIENCE);
		assertThat(answers(step.at()).jwtSvids(message(step.reply()), audience,
				requested.isEmpty() ? null : SpiffeId.parse(requested)))
			.hasSize(name.equals("jwtsvid-two-entries") ? 2 : 1)
			.allSatisfy((svid) -> {
				assertThat(svid.svid().audience()).containsExactlyInAnyOrderElementsOf(audience);
				assertThat(svid.isSingleUse()).isFalse();
			});
	}

	@Test
	void subjectOfAValidatedTokenIsRead() {
		Transcripts.Step step = step("validate");
		assertThat(answers(step.at()).validated(message(step.reply())).trustDomain()).isEqualTo(EXAMPLE);
	}

	/**
	 * Neither an exception of another kind, nor a byte of the key in one.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "x509", "federated-x509", "two" })
	void whateverBecomesOfTheBytesIsReadOrRefused(String name) {
		byte[] reply = step(name).reply();
		WorkloadAnswers answers = answers(step(name).at());
		int refused = 0;
		for (int seed = 0; seed < 2_000; seed++) {
			byte[] mutated = reply.clone();
			Random random = new Random(seed);
			for (int i = random.nextInt(3); i >= 0; i--) {
				mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
			}
			try {
				answers.x509(message(mutated));
			}
			catch (WorkloadException ex) {
				refused++;
			}
			catch (RuntimeException ex) {
				throw new AssertionError("Failed with seed " + seed, ex);
			}
		}
		assertThat(refused).isPositive();
	}

	@Test
	void everyLengthThatIsCutOffIsRefused() {
		byte[] reply = step("x509").reply();
		WorkloadAnswers answers = answers(step("x509").at());
		for (int length = 0; length < reply.length; length++) {
			byte[] cut = Arrays.copyOf(reply, length);
			assertThatExceptionOfType(WorkloadException.class).isThrownBy(() -> answers.x509(message(cut)));
		}
	}

	static List<Transcripts.Step> x509Steps() {
		return Transcripts.steps("workload")
			.stream()
			.filter((step) -> step.rpc().endsWith("FetchX509SVID") && step.reply().length > 0)
			.toList();
	}

	private static Transcripts.Step step(String name) {
		return Transcripts.steps("workload")
			.stream()
			.filter((step) -> step.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private static WorkloadX509Update x509(String name) {
		Transcripts.Step step = step(name);
		return answers(step.at()).x509(message(step.reply()));
	}

	private static Map<TrustDomain, TrustBundle> jwtBundles(String name) {
		Transcripts.Step step = step(name);
		return answers(step.at()).jwtBundles(message(step.reply()));
	}

	private static WorkloadAnswers answers(Instant at) {
		return new WorkloadAnswers(Clock.fixed(at, ZoneOffset.UTC));
	}

	private static Message message(byte[] content) {
		return new Message(content,
				() -> new WorkloadException(WorkloadFailureReason.PROTOCOL_ERROR, "It cannot be parsed"));
	}

}
