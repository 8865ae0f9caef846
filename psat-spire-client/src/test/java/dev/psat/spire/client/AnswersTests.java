package dev.psat.spire.client;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.psat.spire.client.proto.AttestAgentResponse;
import dev.psat.spire.client.proto.Bundle;
import dev.psat.spire.client.proto.GetAuthorizedEntriesResponse;
import dev.psat.spire.client.proto.NewJWTSVIDRequest;
import dev.psat.spire.client.proto.NewJWTSVIDResponse;
import dev.psat.spire.client.proto.X509SVID;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Answers}, which are given what a real server answered, in part.
 */
class AnswersTests {

	private static final int CASES = 3000;

	@Test
	void whateverIsReturnedAsTheTrustBundleIsReadOrRefused() throws Exception {
		Answers answers = answers("bundle");
		check("bundle", Bundle.parser(), answers::trustBundle);
	}

	@Test
	void whateverIsReturnedAsAnAgentSvidIsReadOrRefused() throws Exception {
		Answers answers = answers("attest");
		X509SVID svid = AttestAgentResponse.parseFrom(Transcripts.step("attest").reply()).getResult().getSvid();
		KeyPair keys = new KeyPair(Certificates.read(svid.getCertChain(0).toByteArray()).getPublicKey(), null);
		check("attest", AttestAgentResponse.parser(),
				(message) -> answers.x509Svid(message.getResult().getSvid(), keys, (id) -> true, null));
	}

	@Test
	void whateverIsReturnedAsAJwtSvidIsReadOrRefused() throws Exception {
		Answers answers = answers("jwtsvid");
		AuthorizedEntry entry = answers
			.entries(GetAuthorizedEntriesResponse.parseFrom(Transcripts.step("entries").reply()).getEntriesList())
			.get(0);
		List<String> audience = NewJWTSVIDRequest.parseFrom(Transcripts.step("jwtsvid").request()).getAudienceList();
		check("jwtsvid", NewJWTSVIDResponse.parser(), (message) -> answers.jwtSvid(message.getSvid(), entry, audience));
	}

	@Test
	void whateverIsReturnedAsEntriesIsReadOrLeftOut() throws Exception {
		Answers answers = answers("entries");
		List<Integer> sizes = new ArrayList<>();
		check("entries", GetAuthorizedEntriesResponse.parser(), (message) -> {
			List<AuthorizedEntry> entries = answers.entries(message.getEntriesList());
			sizes.add(entries.size());
			assertThat(entries).hasSizeLessThanOrEqualTo(message.getEntriesCount());
		});
		assertThat(sizes.get(0)).isPositive();
	}

	private static <A extends MessageLite> void check(String step, Parser<A> parser, Consumer<A> reader) {
		String reply = new String(Transcripts.step(step).reply(), StandardCharsets.ISO_8859_1);
		Mutations.check(reply, CASES, (mutated) -> {
			try {
				reader.accept(parser.parseFrom(Mutations.bytes(mutated)));
			}
			catch (InvalidProtocolBufferException ex) {
				throw new IllegalArgumentException("not a message");
			}
			catch (SpireException ex) {
				assertThat(ex.reason()).isIn(FailureReason.INVALID_SVID, FailureReason.INVALID_TRUST_BUNDLE);
				throw new IllegalArgumentException("refused");
			}
		});
	}

	private static Answers answers(String step) throws InvalidProtocolBufferException {
		TrustBundle bundle = Recorded.bundle("bundle");
		return new Answers(TestAuthority.TRUST_DOMAIN, () -> bundle,
				Clock.fixed(Transcripts.step(step).at(), ZoneOffset.UTC));
	}

}
