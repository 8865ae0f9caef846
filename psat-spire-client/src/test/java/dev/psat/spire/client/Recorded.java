package dev.psat.spire.client;

import java.security.cert.X509Certificate;
import java.util.List;

import dev.psat.spiffe.Transcripts;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.internal.Certificates;
import dev.psat.spire.wire.internal.Message;

/**
 * Trust bundles and SVIDs of the transcripts.
 */
public final class Recorded {

	public static final TrustDomain TRUST_DOMAIN = TrustDomain.of("example.org");

	private Recorded() {
	}

	public static TrustBundle file(String file) {
		return TrustBundle.parse(TRUST_DOMAIN, Transcripts.bytes(file));
	}

	/**
	 * Return the trust bundle that the server answered with.
	 * @param step the step
	 * @return its X.509 authorities, of which only this form tells which are tainted
	 */
	public static TrustBundle bundle(String step) {
		Message bundle = reply(step);
		List<X509Authority> authorities = bundle.messages(FieldNumbers.BUNDLE_X509_AUTHORITIES)
			.stream()
			.map((authority) -> new X509Authority(Certificates.read(authority.bytes(FieldNumbers.X509CERTIFICATE_ASN1)),
					authority.flag(FieldNumbers.X509CERTIFICATE_TAINTED)))
			.toList();
		return TrustBundle.of(TRUST_DOMAIN, authorities, List.of(), bundle.number(FieldNumbers.BUNDLE_SEQUENCE_NUMBER),
				null);
	}

	static Answers.ReturnedSvid agentSvid(String step) {
		return returned(reply(step).message(FieldNumbers.ATTEST_AGENT_RESPONSE_RESULT)
			.message(FieldNumbers.ATTEST_AGENT_RESPONSE_RESULT_SVID));
	}

	static Answers.ReturnedSvid workloadSvid(String step) {
		return returned(reply(step).messages(FieldNumbers.BATCH_NEW_X509SVID_RESPONSE_RESULTS)
			.get(0)
			.message(FieldNumbers.BATCH_NEW_X509SVID_RESPONSE_RESULT_SVID));
	}

	public static List<X509Certificate> workloadChain(String step) {
		return workloadSvid(step).chain().stream().map(Certificates::read).toList();
	}

	private static Answers.ReturnedSvid returned(Message svid) {
		return new Answers.ReturnedSvid(svid.all(FieldNumbers.X509SVID_CERT_CHAIN), null);
	}

	private static Message reply(String step) {
		return Messages.of(Transcripts.step(step).reply());
	}

	public static List<X509Certificate> serverChain(String file) {
		return List.of(Certificates.read(Transcripts.bytes(file)));
	}

}
