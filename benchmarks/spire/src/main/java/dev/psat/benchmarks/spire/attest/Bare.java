package dev.psat.benchmarks.spire.attest;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.AgentX509SVIDParams;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.spire.test.proto.AttestationData;
import dev.psat.spire.test.proto.BatchNewX509SVIDRequest;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.EntryMask;
import dev.psat.spire.test.proto.GetAuthorizedEntriesRequest;
import dev.psat.spire.test.proto.NewX509SVIDParams;
import org.jspecify.annotations.Nullable;

/**
 * The same calls without a client: the server is checked, what it returns is only parsed.
 */
final class Bare implements Candidate {

	/** What our client asks for. */
	private static final GetAuthorizedEntriesRequest ENTRIES = GetAuthorizedEntriesRequest.newBuilder()
		.setOutputMask(EntryMask.newBuilder()
			.setSpiffeId(true)
			.setSelectors(true)
			.setFederatesWith(true)
			.setAdmin(true)
			.setDownstream(true)
			.setRevisionNumber(true)
			.setStoreSvid(true)
			.setHint(true)
			.setCreatedAt(true)
			.setAdditionalAttributes(true))
		.build();

	private final Target target;

	private final Supplier<? extends Transport> transports;

	private final boolean sharing;

	private Collection<X509Certificate> authorities;

	/**
	 * Create a client.
	 * @param target the server
	 * @param transports what the calls of an attestation travel on
	 * @param sharing whether the attestation uses the connection that the trust bundle
	 * came on, instead of one of its own as our client does
	 * @param authorities those of the trust bundle to begin with
	 */
	Bare(Target target, Supplier<? extends Transport> transports, boolean sharing,
			Collection<X509Certificate> authorities) {
		this.target = target;
		this.transports = transports;
		this.sharing = sharing;
		this.authorities = authorities;
	}

	@Override
	public String name() {
		return "%s, %s connections".formatted(this.transports.get().name(), this.sharing ? "two" : "three");
	}

	@Override
	public Session attest(byte[] payload, Laps laps) throws Exception {
		Transport transport = this.transports.get();
		List<Transport.Connection> connections = new ArrayList<>();
		Transport.Connection first = open(transport, connections, null);
		this.authorities = authorities(first);
		laps.ended(Step.BUNDLE);
		if (laps.isRepeating()) {
			this.authorities = authorities(first);
			laps.ended(Step.BUNDLE_AGAIN);
		}
		KeyPair agentKey = keys();
		laps.ended(Step.KEYS);
		Transport.Connection second = this.sharing ? first : open(transport, connections, null);
		List<X509Certificate> agent = certificates(second.call(Call.ATTEST_AGENT, attestation(payload, agentKey))
			.getResult()
			.getSvid()
			.getCertChainList());
		laps.ended(Step.ATTESTATION);
		Transport.Connection third = open(transport, connections, new AgentKey(agent, agentKey.getPrivate()));
		String entry = third.call(Call.GET_AUTHORIZED_ENTRIES, ENTRIES).getEntries(0).getId();
		laps.ended(Step.ENTRIES);
		if (laps.isRepeating()) {
			third.call(Call.GET_AUTHORIZED_ENTRIES, ENTRIES);
			laps.ended(Step.ENTRIES_AGAIN);
		}
		KeyPair key = keys();
		laps.ended(Step.KEYS);
		List<X509Certificate> svid = certificates(
				third.call(Call.BATCH_NEW_X509_SVID, svid(entry, key)).getResults(0).getSvid().getCertChainList());
		laps.ended(Step.SVID);
		return new Session(svid.get(0), connections);
	}

	private static List<X509Certificate> authorities(Transport.Connection connection) throws Exception {
		Bundle bundle = connection.call(Call.GET_BUNDLE, Call.GET_BUNDLE.request());
		return certificates(bundle.getX509AuthoritiesList().stream().map((authority) -> authority.getAsn1()).toList());
	}

	private Transport.Connection open(Transport transport, List<Transport.Connection> connections,
			@Nullable AgentKey key) throws Exception {
		ServerTrust trust = new ServerTrust(this.target.trustDomain().name(), this.authorities);
		Transport.Connection connection = transport.open(this.target.address(), trust, key);
		connections.add(connection);
		return connection;
	}

	private static AttestAgentRequest attestation(byte[] payload, KeyPair key) throws GeneralSecurityException {
		return AttestAgentRequest.newBuilder()
			.setParams(AttestAgentRequest.Params.newBuilder()
				.setData(AttestationData.newBuilder().setType("k8s_psat").setPayload(ByteString.copyFrom(payload)))
				.setParams(AgentX509SVIDParams.newBuilder().setCsr(ByteString.copyFrom(CertificateRequests.of(key)))))
			.build();
	}

	private static BatchNewX509SVIDRequest svid(String entry, KeyPair key) throws GeneralSecurityException {
		return BatchNewX509SVIDRequest.newBuilder()
			.addParams(NewX509SVIDParams.newBuilder()
				.setEntryId(entry)
				.setCsr(ByteString.copyFrom(CertificateRequests.of(key))))
			.build();
	}

	private static KeyPair keys() throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec("secp256r1"));
		return generator.generateKeyPair();
	}

	private static List<X509Certificate> certificates(List<ByteString> der) throws CertificateException {
		CertificateFactory factory = CertificateFactory.getInstance("X.509");
		List<X509Certificate> certificates = new ArrayList<>();
		for (ByteString certificate : der) {
			certificates.add(
					(X509Certificate) factory.generateCertificate(new ByteArrayInputStream(certificate.toByteArray())));
		}
		return certificates;
	}

}
