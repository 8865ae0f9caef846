package dev.psat.spire.client;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.psat.spiffe.Mutations;
import dev.psat.spiffe.TestAuthority;
import dev.psat.spiffe.Transcripts;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.internal.Certificates;
import dev.psat.spire.test.proto.NewJWTSVIDRequest;
import dev.psat.spire.wire.internal.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Answers}, which are given what a real server answered, in part.
 */
class AnswersTests {

	private static final int CASES = 3000;

	@Test
	void whateverIsReturnedAsTheTrustBundleIsReadOrRefused() throws Exception {
		check(reply("bundle"), answers("bundle")::trustBundle);
	}

	@Test
	void whateverIsReturnedAsAFederatedBundleIsReadOrRefused() throws Exception {
		Answers answers = answers("bundle");
		String reply = new String(Transcripts.bytes("federation/endpoint.reply.bin"), StandardCharsets.ISO_8859_1);
		check(reply, (message) -> answers.federatedBundle(message, TrustDomain.of("partner.org")));
	}

	@Test
	void whateverIsReturnedAsAnAgentSvidIsReadOrRefused() throws Exception {
		Answers answers = answers("attest");
		byte[] leaf = svid(Messages.of(Transcripts.step("attest").reply())).all(FieldNumbers.X509SVID_CERT_CHAIN)
			.get(0);
		KeyPair keys = new KeyPair(Certificates.read(leaf).getPublicKey(), null);
		check(reply("attest"), (message) -> answers.x509Svid(svid(message), keys, (id) -> true, null));
	}

	private static Message svid(Message attestation) {
		return attestation.message(FieldNumbers.ATTEST_AGENT_RESPONSE_RESULT)
			.message(FieldNumbers.ATTEST_AGENT_RESPONSE_RESULT_SVID);
	}

	@Test
	void whateverIsReturnedAsAJwtSvidIsReadOrRefused() throws Exception {
		Answers answers = answers("jwtsvid");
		AuthorizedEntry entry = answers.entries(entries(Messages.of(Transcripts.step("entries").reply()))).get(0);
		List<String> audience = NewJWTSVIDRequest.parseFrom(Transcripts.step("jwtsvid").request()).getAudienceList();
		check(reply("jwtsvid"),
				(message) -> answers.jwtSvid(message.message(FieldNumbers.NEW_JWTSVID_RESPONSE_SVID), entry, audience));
	}

	@Test
	void whateverIsReturnedAsEntriesIsReadOrLeftOut() throws Exception {
		Answers answers = answers("entries");
		List<Integer> sizes = new CopyOnWriteArrayList<>();
		check(reply("entries"), (message) -> {
			List<AuthorizedEntry> entries = answers.entries(entries(message));
			sizes.add(entries.size());
			assertThat(entries).hasSizeLessThanOrEqualTo(entries(message).size());
		});
		assertThat(sizes.get(0)).isPositive();
	}

	private static List<Message> entries(Message message) {
		return message.messages(FieldNumbers.GET_AUTHORIZED_ENTRIES_RESPONSE_ENTRIES);
	}

	private static String reply(String step) {
		return new String(Transcripts.step(step).reply(), StandardCharsets.ISO_8859_1);
	}

	private static void check(String reply, Consumer<Message> reader) {
		Mutations.check(reply, CASES, (mutated) -> {
			try {
				reader.accept(Messages.of(Mutations.bytes(mutated)));
			}
			catch (SpireException ex) {
				assertThat(ex.reason()).isIn(FailureReason.INVALID_SVID, FailureReason.INVALID_TRUST_BUNDLE,
						FailureReason.PROTOCOL_ERROR);
				throw new IllegalArgumentException("refused");
			}
		});
	}

	private static Answers answers(String step) {
		TrustBundle bundle = Recorded.bundle("bundle");
		return new Answers(TestAuthority.TRUST_DOMAIN, () -> bundle,
				Clock.fixed(Transcripts.step(step).at(), ZoneOffset.UTC));
	}

}
