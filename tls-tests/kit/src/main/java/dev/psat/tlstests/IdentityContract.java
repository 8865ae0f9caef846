package dev.psat.tlstests;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.support.ClassicAuthority;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The contract of any client with the identity bundle {@code spire-web}, which is that of
 * {@link TlsWorld#withIdentityBundle}. One application serves all tests.
 */
public abstract class IdentityContract extends ClientContract {

	protected IdentityContract(TlsApplication application, Function<SslBundle, Call> clients) {
		super(application, clients);
	}

	/**
	 * Start a server to call.
	 * @param credential the credential that it presents
	 * @param version its only TLS version
	 * @param request what it says to its clients about their certificates
	 * @return the server, which uses HTTP/1.1 unless overridden
	 */
	protected PeerServer serve(Credential credential, TlsVersion version, CertificateRequest request) {
		return new HttpPeer(credential, version, request);
	}

	protected final PeerServer serve(String hostName, TlsVersion version, CertificateRequest request) {
		return serve(Credential.of(application().world().web(), hostName), version, request);
	}

	protected final Call client() {
		return client(bundle());
	}

	protected final IdentitySslBundle bundle() {
		return (IdentitySslBundle) application().bean(SslBundles.class).getBundle("spire-web");
	}

	@ParameterizedTest
	@EnumSource
	void presentsSvidToServerOfTheRightHost(TlsVersion version) throws Exception {
		long accepted = count(HandshakeOutcome.ACCEPTED);
		try (PeerServer server = serve("localhost", version, CertificateRequest.REQUIRED)) {
			assertThat(client().get(server.uri())).isEqualTo("hello");
			assertThat(serialNumbers(server)).containsExactly(application().serialNumber());
		}
		assertThat(count(HandshakeOutcome.ACCEPTED)).isEqualTo(accepted + 1);
	}

	@ParameterizedTest
	@EnumSource
	void refusesServerOfAnotherHost(TlsVersion version) throws Exception {
		try (PeerServer right = serve("localhost", version, CertificateRequest.OPTIONAL);
				PeerServer wrong = serve("elsewhere.example", version, CertificateRequest.OPTIONAL)) {
			Call client = client();
			assertThat(client.get(right.uri())).isEqualTo("hello");
			assertThatRefused(client, wrong);
			assertThat(client.get(right.uri())).isEqualTo("hello");
		}
	}

	@ParameterizedTest
	@EnumSource
	void refusesServerOfAnotherAuthority(TlsVersion version) {
		try (PeerServer other = serve(Credential.of(new ClassicAuthority(), "localhost"), version,
				CertificateRequest.REQUIRED);
				PeerServer workload = serve(application().world().credential(Peer.LISTED), version,
						CertificateRequest.REQUIRED)) {
			Call client = client();
			assertThatRefused(client, other);
			assertThatRefused(client, workload);
		}
	}

	@ParameterizedTest
	@EnumSource
	void presentsSvidWhereItsAuthorityIsNamed(TlsVersion version) throws Exception {
		for (CertificateRequest request : List.of(CertificateRequest.REQUIRED, CertificateRequest.OPTIONAL)) {
			try (PeerServer server = serve("localhost", version, request.naming(authority()))) {
				assertThat(client().get(server.uri())).isEqualTo("hello");
				assertThat(serialNumbers(server)).containsExactly(application().serialNumber());
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void presentsNothingWhereAnotherAuthorityIsNamed(TlsVersion version) throws Exception {
		X509Certificate other = application().world().web().root();
		try (PeerServer optional = serve("localhost", version, CertificateRequest.OPTIONAL.naming(other));
				PeerServer required = serve("localhost", version, CertificateRequest.REQUIRED.naming(other))) {
			Call client = client();
			assertThat(client.get(optional.uri())).isEqualTo("hello");
			assertThat(optional.connections()).isOne();
			assertThat(optional.clients()).isEmpty();
			assertThatException().isThrownBy(() -> client.get(required.uri()));
			assertThat(required.requests()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void callsServerThatAsksForNoCertificate(TlsVersion version) throws Exception {
		try (PeerServer server = serve("localhost", version, CertificateRequest.ABSENT)) {
			assertThat(client().get(server.uri())).isEqualTo("hello");
			assertThat(server.clients()).isEmpty();
		}
	}

	/**
	 * The server would rather resume the session, which has the certificate of the client
	 * that began it.
	 */
	@ParameterizedTest
	@EnumSource
	void presentsNewestSvidOnNextConnection(TlsVersion version) throws Exception {
		Call client = client();
		List<BigInteger> expected = new ArrayList<>();
		try (PeerServer server = serve("localhost", version, CertificateRequest.REQUIRED)) {
			for (int i = 0; i < 3; i++) {
				expected.add(application().serialNumber());
				assertThat(client.get(server.closingUri())).isEqualTo("hello");
				application().rotate();
			}
			assertThat(serialNumbers(server)).isEqualTo(expected);
		}
	}

	@ParameterizedTest
	@EnumSource
	void verifiesServerByWhatIsTrustedNow(TlsVersion version) throws Exception {
		TlsApplication application = application();
		SslBundle before = application.bean(SslBundles.class).getBundle("web");
		SslBundleRegistry registry = application.bean(SslBundleRegistry.class);
		ClassicAuthority successor = new ClassicAuthority();
		Call client = client();
		try (PeerServer old = serve("localhost", version, CertificateRequest.REQUIRED);
				PeerServer next = serve(Credential.of(successor, "localhost"), version, CertificateRequest.REQUIRED)) {
			assertThat(client.get(old.closingUri())).isEqualTo("hello");
			assertThatRefused(client, next);
			registry.updateBundle("web", SslBundle.of(SslStoreBundle.of(null, null, successor.trustStore())));
			assertThat(client.get(next.closingUri())).isEqualTo("hello");
			long untrusted = count(HandshakeOutcome.UNTRUSTED);
			assertThatException().isThrownBy(() -> client.get(old.closingUri()));
			assertThat(old.requests()).isOne();
			assertThat(count(HandshakeOutcome.UNTRUSTED)).isGreaterThan(untrusted);
		}
		finally {
			registry.updateBundle("web", before);
		}
	}

	/**
	 * Neither one that would be content without a certificate, nor one that asks for
	 * none.
	 */
	@ParameterizedTest
	@EnumSource
	void callsNobodyBeforeTheFirstSvid(TlsVersion version) throws Exception {
		AtomicReference<@Nullable SpireIdentity> identity = new AtomicReference<>();
		SslBundle web = application().bean(SslBundles.class).getBundle("web");
		Call client = client(IdentitySslBundle.of(identity::get, () -> web, SslOptions.NONE));
		for (CertificateRequest request : List.of(CertificateRequest.OPTIONAL, CertificateRequest.ABSENT)) {
			identity.set(null);
			try (PeerServer server = serve("localhost", version, request)) {
				assertThatException().isThrownBy(() -> client.get(server.uri()))
					.withStackTraceContaining("There is no X.509-SVID to connect with");
				assertThat(server.connections()).isZero();
				assertThat(server.requests()).isZero();
				identity.set(application().identity());
				assertThat(client.get(server.uri())).isEqualTo("hello");
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void keepsConnections(TlsVersion version) throws Exception {
		Call client = client();
		try (PeerServer server = serve("localhost", version, CertificateRequest.REQUIRED)) {
			for (int i = 0; i < 5; i++) {
				assertThat(client.get(server.uri())).isEqualTo("hello");
			}
			assertThat(server.connections()).isOne();
			assertThat(server.requests()).isEqualTo(5);
		}
	}

	@ParameterizedTest
	@EnumSource
	void protocolOfTheOptionsAloneIsSpoken(TlsVersion version) throws Exception {
		SslBundle web = application().bean(SslBundles.class).getBundle("web");
		Call client = client(IdentitySslBundle.of(() -> application().identity(), () -> web,
				SslOptions.of(null, Set.of(version.protocol()))));
		for (TlsVersion spoken : TlsVersion.values()) {
			try (PeerServer server = serve("localhost", spoken, CertificateRequest.REQUIRED)) {
				if (spoken == version) {
					assertThat(client.get(server.uri())).isEqualTo("hello");
				}
				else {
					assertThatException().isThrownBy(() -> client.get(server.uri()));
					assertThat(server.connections()).isZero();
				}
			}
		}
	}

	@Test
	void refusalSaysWhy() {
		try (PeerServer server = serve("elsewhere.example", TlsVersion.TLS_1_3, CertificateRequest.REQUIRED)) {
			assertThatException().isThrownBy(() -> client().get(server.uri())).withStackTraceContaining("localhost");
		}
	}

	private void assertThatRefused(Call client, PeerServer server) {
		long before = count(HandshakeOutcome.UNTRUSTED);
		assertThatException().isThrownBy(() -> client.get(server.uri()));
		assertThat(server.connections()).isZero();
		assertThat(server.requests()).isZero();
		assertThat(count(HandshakeOutcome.UNTRUSTED)).isGreaterThan(before);
	}

	private X509Certificate authority() {
		return application().identity().trustBundle().x509Authorities().get(0).certificate();
	}

	private static List<BigInteger> serialNumbers(PeerServer server) {
		return server.clients().stream().map(X509Certificate::getSerialNumber).toList();
	}

	private long count(HandshakeOutcome outcome) {
		return bundle().handshakes().count(Direction.OUTBOUND, outcome);
	}

}
