package dev.psat.spire.client;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.Transcripts;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spiffe.internal.Certificates;
import dev.psat.spire.test.proto.GetFederatedBundleRequest;
import dev.psat.spire.wire.internal.GrpcStatus;
import dev.psat.spire.wire.internal.Message;
import dev.psat.spire.wire.internal.MessageWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How a real SPIRE Server federates, by our messages and values.
 */
class FederationTranscriptTests {

	private static final TrustDomain PARTNER = TrustDomain.of("partner.org");

	@ParameterizedTest
	@CsvSource({ "set-pem, 1, 0, 0", "set-spiffe-sequence-7, 1, 1, 7", "set-spiffe-sequence-3, 1, 1, 3",
			"set-spiffe-sequence-highest, 1, 1, -1", "set-spiffe-x509-alone, 1, 0, 4", "set-spiffe-jwt-alone, 0, 1, 5",
			"set-empty, 0, 0, 0", "endpoint, 1, 2, 0", "endpoint-partner-activated, 2, 2, 0",
			"endpoint-partner-tainted, 2, 2, 0", "endpoint-partner-revoked, 1, 1, 0", "federation-deleted, 1, 1, 0" })
	void bundleIsReadAsItIsStored(String step, int x509Authorities, int jwtAuthorities, long sequenceNumber) {
		TrustBundle bundle = bundle(step);
		assertThat(bundle.trustDomain()).isEqualTo(PARTNER);
		assertThat(bundle.x509Authorities()).hasSize(x509Authorities).noneMatch(X509Authority::tainted);
		assertThat(bundle.jwtAuthorities()).hasSize(jwtAuthorities)
			.noneMatch(JwtAuthority::tainted)
			.allSatisfy((authority) -> assertThat(authority.expiresAt()).isNull());
		assertThat(bundle.isEmpty()).isEqualTo(x509Authorities + jwtAuthorities == 0);
		assertThat(bundle.sequenceNumber()).isEqualTo(sequenceNumber);
	}

	@Test
	void keyOfATypeThatJwtSvidsDoNotHaveIsLeftOutAlone() {
		TrustBundle bundle = bundle("set-spiffe-odd-keys");
		assertThat(reply("set-spiffe-odd-keys").messages(FieldNumbers.BUNDLE_JWT_AUTHORITIES)).hasSize(3);
		assertThat(bundle.jwtAuthorities()).hasSize(2)
			.allSatisfy((authority) -> assertThat(authority.publicKey().getAlgorithm()).isEqualTo("EC"));
		assertThat(bundle.x509Authorities()).containsAll(answers().trustBundle(reply("bundle")).x509Authorities());
	}

	@Test
	void bundleOfAnotherTrustDomainIsRefused() {
		assertThatExceptionOfType(SpireException.class)
			.isThrownBy(() -> answers().federatedBundle(reply("endpoint"), TrustDomain.of("buyer.org")))
			.withMessageEndingWith("it is that of partner.org")
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.INVALID_TRUST_BUNDLE));
	}

	@ParameterizedTest
	@CsvSource({ "unknown, TRUST_BUNDLE_NOT_FOUND", "dissociated, TRUST_BUNDLE_NOT_FOUND",
			"deleted, TRUST_BUNDLE_NOT_FOUND", "events-dissociated-after-a-minute, TRUST_BUNDLE_NOT_FOUND",
			"denied-own, INVALID_REQUEST", "denied-empty, INVALID_REQUEST", "denied-upper-case, INVALID_REQUEST",
			"denied-no-agent, PERMISSION_DENIED", "denied-evicted, AGENT_NOT_ATTESTED", "denied-banned, AGENT_BANNED" })
	void refusalIsUnderstood(String name, FailureReason reason) {
		Transcripts.Step step = step(name);
		int code = io.grpc.Status.Code.valueOf(step.code().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase())
			.value();
		assertThat(ServerFailure.of("", new GrpcStatus(code, step.message(), step.details())).reason())
			.isEqualTo(reason);
	}

	@ParameterizedTest
	@MethodSource("requests")
	void requestIsWrittenAsItWasByAnother(Transcripts.Step step) throws Exception {
		String trustDomain = GetFederatedBundleRequest.parseFrom(step.request()).getTrustDomain();
		assertThat(new MessageWriter().text(FieldNumbers.GET_FEDERATED_BUNDLE_REQUEST_TRUST_DOMAIN, trustDomain)
			.toByteArray()).isEqualTo(step.request());
	}

	static Stream<Transcripts.Step> requests() {
		return Transcripts.steps("federation")
			.stream()
			.filter((step) -> step.rpc().equals("bundle.GetFederatedBundle"));
	}

	@ParameterizedTest
	@CsvSource({ "entries-not-federated, ''", "entries-federated, partner.org",
			"entries-federated-without-mask, partner.org", "entries-federated-masked-out, ''",
			"dissociated-entries-at-once, partner.org", "dissociated-entries, ''",
			"events-dissociated-entries-after-a-minute, partner.org" })
	void entrySaysWithWhomItFederates(String step, String trustDomain) {
		assertThat(answers().entries(reply(step).messages(FieldNumbers.GET_AUTHORIZED_ENTRIES_RESPONSE_ENTRIES)))
			.singleElement()
			.satisfies((entry) -> assertThat(entry.federatesWith())
				.isEqualTo(trustDomain.isEmpty() ? List.of() : List.of(trustDomain)));
	}

	@Test
	void dissociationKeepsTheRevisionOfTheEntry() {
		assertThat(revision("dissociated-entries")).isEqualTo(revision("dissociated-entries-at-once"));
		assertThat(revision("federated-again-entries")).isGreaterThan(revision("dissociated-entries"));
	}

	private static long revision(String step) {
		return answers().entries(reply(step).messages(FieldNumbers.GET_AUTHORIZED_ENTRIES_RESPONSE_ENTRIES))
			.get(0)
			.revisionNumber();
	}

	@Test
	void svidIsVerifiedByTheBundleOfItsTrustDomainAlone() throws CertificateException {
		X509Svid svid = svid("partner-x509svid");
		Instant at = step("partner-x509svid").at();
		bundle("endpoint").verify(svid, at);
		bundle("set-pem").verify(svid, at);
		TrustBundle own = answers().trustBundle(reply("bundle"));
		assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> own.verify(svid, at));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> bundle("endpoint").verify(svid("x509svid"), at));
		assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> bundle("set-empty").verify(svid, at));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> bundle("set-spiffe-jwt-alone").verify(svid, at));
	}

	@Test
	void rotationOfThePartnerReachesItsSvids() throws CertificateException {
		X509Svid before = svid("partner-x509svid");
		X509Svid next = svid("partner-x509svid-next");
		Instant at = step("partner-x509svid-next").at();
		bundle("endpoint-partner-activated").verify(before, at);
		bundle("endpoint-partner-activated").verify(next, at);
		bundle("endpoint-partner-tainted").verify(before, at);
		bundle("endpoint-partner-revoked").verify(next, at);
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> bundle("endpoint-partner-revoked").verify(before, at));
		assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> bundle("endpoint").verify(next, at));
	}

	private static X509Svid svid(String step) {
		List<X509Certificate> chain = reply(step).messages(FieldNumbers.BATCH_NEW_X509SVID_RESPONSE_RESULTS)
			.get(0)
			.message(FieldNumbers.BATCH_NEW_X509SVID_RESPONSE_RESULT_SVID)
			.all(FieldNumbers.X509SVID_CERT_CHAIN)
			.stream()
			.map(Certificates::read)
			.toList();
		return X509Svid.of(chain, null);
	}

	private static TrustBundle bundle(String step) {
		return answers().federatedBundle(reply(step), PARTNER);
	}

	private static Answers answers() {
		return new Answers(Recorded.TRUST_DOMAIN, () -> {
			throw new IllegalStateException("not needed");
		}, Clock.fixed(step("bundle").at(), ZoneOffset.UTC));
	}

	private static Message reply(String step) {
		return Messages.of(step(step).reply());
	}

	private static Transcripts.Step step(String name) {
		return Transcripts.steps("federation")
			.stream()
			.filter((step) -> step.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

}
