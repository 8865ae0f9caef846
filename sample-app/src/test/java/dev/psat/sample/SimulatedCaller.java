package dev.psat.sample;

import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.psat.sample.CallerController.Caller;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedX509Svid;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.client.RestClient;

/**
 * A workload of another trust domain, which calls the sample once a second.
 */
final class SimulatedCaller implements FederatedCaller {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private final SimulatedX509Svid svid;

	private final RestClient client;

	private final TlsConnector connector;

	private final SpireIdentity sample;

	private final SpiffeSslBundle bundle;

	private volatile @Nullable CallOutcome last;

	/**
	 * Create a caller.
	 * @param svid the X.509-SVID with which it calls
	 * @param trusted the SPIRE Server that vouches for the sample
	 * @param connector where the sample can be called
	 * @param sample the identity of the sample
	 * @param bundle the bundle by which the sample decides who may call it
	 */
	SimulatedCaller(SimulatedX509Svid svid, SimulatedSpireServer trusted, TlsConnector connector, SpireIdentity sample,
			SpiffeSslBundle bundle) {
		HttpClientSettings settings = HttpClientSettings.ofSslBundle(svid.toSslBundle(trusted))
			.withTimeouts(TIMEOUT, TIMEOUT);
		this.client = RestClient.builder()
			.requestFactory(ClientHttpRequestFactoryBuilder.jdk().build(settings))
			.build();
		this.svid = svid;
		this.connector = connector;
		this.sample = sample;
		this.bundle = bundle;
	}

	@Override
	public String id() {
		return this.svid.spiffeId();
	}

	@Override
	public @Nullable CallOutcome last() {
		return this.last;
	}

	@Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
	synchronized void call() {
		CallOutcome outcome = CallOutcome.of(() -> {
			// without an SVID, the sample would refuse and log a warning
			this.sample.x509Svid();
			return this.client.get()
				.uri("https://localhost:{port}/caller", this.connector.localPort())
				.retrieve()
				.requiredBody(Caller.class);
		});
		String refusal = (outcome.failure() != null) ? refusal() : null;
		this.last = (refusal != null) ? CallOutcome.failed(refusal) : outcome;
	}

	/**
	 * Ask the sample why it refuses this caller, since TLS does not tell.
	 */
	private @Nullable String refusal() {
		try {
			this.bundle.verifyClient(this.svid.chain());
			return null;
		}
		catch (CertificateException ex) {
			return ex.getMessage();
		}
	}

}
