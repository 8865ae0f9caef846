package dev.psat.spire.test;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

/**
 * Verifies the certificate of a client, if it presents one. It must be an X509-SVID of
 * the trust domain that is valid and chains to the current trust bundle, or the
 * connection ends. Whether an agent SVID is active is not checked here. Source:
 * {@code endpoints/auth.go}; seen on a real server.
 */
final class ClientCertificateVerifier extends X509ExtendedTrustManager {

	private static final int CERT_SIGN = 5;

	private final TlsStack stack;

	private final String trustDomain;

	private final Clock clock;

	private final SimulatedAuthority authority;

	private final Consumer<String> refusals;

	ClientCertificateVerifier(TlsStack stack, String trustDomain, Clock clock, SimulatedAuthority authority,
			Consumer<String> refusals) {
		this.stack = stack;
		this.trustDomain = trustDomain;
		this.clock = clock;
		this.authority = authority;
		this.refusals = refusals;
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		String cause = findFault(List.of(chain));
		if (cause != null) {
			this.refusals.accept(cause);
			throw this.stack.refusal(cause);
		}
	}

	private @Nullable String findFault(List<X509Certificate> chain) {
		X509Certificate leaf = chain.get(0);
		List<String> uris = Certificates.uris(leaf);
		if (uris.size() != 1 || !SpiffeIds.isWellFormed(uris.get(0))) {
			return "The client certificate is not an X509-SVID";
		}
		String id = uris.get(0);
		if (!SpiffeIds.isOf(this.trustDomain, id)) {
			return id + " is not of trust domain " + this.trustDomain;
		}
		boolean[] usage = leaf.getKeyUsage();
		if (leaf.getBasicConstraints() != -1 || (usage != null && usage[CERT_SIGN])) {
			return "The X509-SVID of " + id + " is that of an authority";
		}
		try {
			verify(chain);
			return null;
		}
		catch (GeneralSecurityException ex) {
			return "The X509-SVID of " + id + " does not verify: " + ex.getMessage();
		}
	}

	private void verify(List<X509Certificate> chain) throws GeneralSecurityException {
		Instant now = this.clock.instant();
		Set<TrustAnchor> anchors = this.authority.trusted()
			.stream()
			.map(X509Authority::root)
			.filter((root) -> now.isBefore(root.getNotAfter().toInstant()))
			.map((root) -> new TrustAnchor(root, null))
			.collect(Collectors.toSet());
		if (anchors.isEmpty()) {
			throw new CertificateException("every authority has expired");
		}
		PKIXParameters parameters = new PKIXParameters(anchors);
		parameters.setRevocationEnabled(false);
		parameters.setDate(Date.from(now));
		CertPathValidator.getInstance("PKIX")
			.validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		checkClientTrusted(chain, authType);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		checkClientTrusted(chain, authType);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		throw new CertificateException("This is the server");
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		checkServerTrusted(chain, authType);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		checkServerTrusted(chain, authType);
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return new X509Certificate[0];
	}

}
