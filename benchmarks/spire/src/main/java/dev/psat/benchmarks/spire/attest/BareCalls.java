package dev.psat.benchmarks.spire.attest;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.psat.benchmarks.spire.Target;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.test.proto.AgentX509SVIDParams;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.spire.test.proto.AttestAgentResponse;
import dev.psat.spire.test.proto.AttestationData;
import dev.psat.spire.test.proto.BatchNewX509SVIDRequest;
import dev.psat.spire.test.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.GetAuthorizedEntriesRequest;
import dev.psat.spire.test.proto.GetAuthorizedEntriesResponse;
import dev.psat.spire.test.proto.GetBundleRequest;
import dev.psat.spire.test.proto.NewX509SVIDParams;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The same calls without a client, over as many connections: the least that gRPC needs of
 * the JDK's {@code HttpClient}, and nothing for what can go wrong but a deadline. The
 * JDK's trust manager checks the server, and what it returns is only parsed.
 */
final class BareCalls {

	private static final String TLS = "TLSv1.3";

	private static final int HEADER = 5;

	private static final long LONGEST_CALL = 10;

	private final List<HttpClient> clients = new ArrayList<>();

	/** For all connections of an attestation, like those of our client. */
	private final Executor threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS,
			new SynchronousQueue<>(), BareCalls::daemon);

	private final Target target;

	private List<Certificate> authorities;

	private BareCalls(Target target, TrustBundle bundle) {
		this.target = target;
		this.authorities = bundle.x509Authorities().stream().<Certificate>map(X509Authority::certificate).toList();
	}

	private static Thread daemon(Runnable task) {
		Thread thread = new Thread(task, "bare-calls");
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Obtain an X.509-SVID.
	 * @param target the server and the pod
	 * @param bundle what it has read of the trust bundle
	 * @param payload the payload for the token of the moment
	 * @return the connections, which are open
	 * @throws Exception if there is none
	 */
	static AutoCloseable to(Target target, TrustBundle bundle, byte[] payload) throws Exception {
		BareCalls calls = new BareCalls(target, bundle);
		calls.obtain(payload);
		return calls::close;
	}

	private void obtain(byte[] payload) throws Exception {
		Bundle bundle = Bundle
			.parseFrom(call(connect(null), "bundle.v1.Bundle/GetBundle", GetBundleRequest.getDefaultInstance()));
		this.authorities = certificates(
				bundle.getX509AuthoritiesList().stream().map((authority) -> authority.getAsn1()).toList());
		KeyPair agentKey = KeyType.EC_P256.generate();
		KeyStore agent = keyStore();
		agent.setKeyEntry("agent", agentKey.getPrivate(), new char[0],
				attest(payload, agentKey).toArray(Certificate[]::new));
		HttpClient mutual = connect(agent);
		String entry = GetAuthorizedEntriesResponse
			.parseFrom(call(mutual, "entry.v1.Entry/GetAuthorizedEntries",
					GetAuthorizedEntriesRequest.getDefaultInstance()))
			.getEntries(0)
			.getId();
		NewX509SVIDParams params = NewX509SVIDParams.newBuilder()
			.setEntryId(entry)
			.setCsr(ByteString.copyFrom(CertificateRequests.of(KeyType.EC_P256.generate())))
			.build();
		certificates(BatchNewX509SVIDResponse
			.parseFrom(call(mutual, "svid.v1.SVID/BatchNewX509SVID",
					BatchNewX509SVIDRequest.newBuilder().addParams(params).build()))
			.getResults(0)
			.getSvid()
			.getCertChainList());
	}

	private List<Certificate> attest(byte[] payload, KeyPair key) throws Exception {
		AttestationData data = AttestationData.newBuilder()
			.setType("k8s_psat")
			.setPayload(ByteString.copyFrom(payload))
			.build();
		AgentX509SVIDParams params = AgentX509SVIDParams.newBuilder()
			.setCsr(ByteString.copyFrom(CertificateRequests.of(key)))
			.build();
		return certificates(AttestAgentResponse
			.parseFrom(call(connect(null), "agent.v1.Agent/AttestAgent",
					AttestAgentRequest.newBuilder()
						.setParams(AttestAgentRequest.Params.newBuilder().setData(data).setParams(params))
						.build()))
			.getResult()
			.getSvid()
			.getCertChainList());
	}

	private HttpClient connect(@Nullable KeyStore agent) throws Exception {
		KeyStore trusted = keyStore();
		for (Certificate authority : this.authorities) {
			trusted.setCertificateEntry("authority-" + trusted.size(), authority);
		}
		TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
		trust.init(trusted);
		KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
		keys.init(agent, new char[0]);
		SSLContext context = SSLContext.getInstance(TLS);
		context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
		HttpClient client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_2)
			.proxy(HttpClient.Builder.NO_PROXY)
			.executor(this.threads)
			.sslContext(context)
			.sslParameters(new SSLParameters(null, new String[] { TLS }))
			.build();
		this.clients.add(client);
		return client;
	}

	/** Of a kind that guards no key, which would take longer than a handshake. */
	private static KeyStore keyStore() throws Exception {
		KeyStore store = KeyStore.getInstance("JKS");
		store.load(null, null);
		return store;
	}

	private byte[] call(HttpClient client, String method, MessageLite request) throws Exception {
		byte[] message = request.toByteArray();
		byte[] frame = ByteBuffer.allocate(HEADER + message.length)
			.put((byte) 0)
			.putInt(message.length)
			.put(message)
			.array();
		URI uri = URI.create("https://%s/spire.api.server.%s".formatted(this.target.address(), method));
		// the timeout of a request ends with the headers of its answer
		HttpResponse<byte[]> response = client
			.sendAsync(HttpRequest.newBuilder(uri)
				.header("content-type", "application/grpc")
				.header("te", "trailers")
				.POST(HttpRequest.BodyPublishers.ofByteArray(frame))
				.build(), HttpResponse.BodyHandlers.ofByteArray())
			.get(LONGEST_CALL, TimeUnit.SECONDS);
		byte[] body = response.body();
		Assert.state(body.length >= HEADER, () -> "%s was refused: %s".formatted(method, response.headers().map()));
		return Arrays.copyOfRange(body, HEADER, body.length);
	}

	private static List<Certificate> certificates(List<ByteString> der) throws CertificateException {
		CertificateFactory factory = CertificateFactory.getInstance("X.509");
		List<Certificate> certificates = new ArrayList<>();
		for (ByteString certificate : der) {
			certificates.add(factory.generateCertificate(new ByteArrayInputStream(certificate.toByteArray())));
		}
		return certificates;
	}

	/**
	 * Close the connections. Before JDK 21, the garbage collector does it.
	 */
	private void close() throws Exception {
		for (HttpClient client : this.clients) {
			if ((Object) client instanceof AutoCloseable closeable) {
				closeable.close();
			}
		}
	}

}
