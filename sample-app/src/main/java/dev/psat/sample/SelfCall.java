package dev.psat.sample;

import java.util.concurrent.TimeUnit;

import dev.psat.sample.CallerController.Caller;
import dev.psat.spire.SpireIdentity;

import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/**
 * Calls the application over mutual TLS like any other workload, and asks it for the
 * caller that it has accepted.
 */
@Component
class SelfCall {

	private final SpireIdentity identity;

	private final TlsConnector connector;

	private final RestClient client;

	private volatile CallOutcome last = CallOutcome.failed(CallOutcome.NONE_YET);

	SelfCall(SpireIdentity identity, TlsConnector connector, RestClient.Builder client, RestClientSsl ssl) {
		this.identity = identity;
		this.connector = connector;
		this.client = client.apply(ssl.fromBundle("spire")).build();
	}

	/**
	 * Return the outcome of the last call.
	 * @return the outcome
	 */
	CallOutcome last() {
		return this.last;
	}

	@Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
	void call() {
		this.last = CallOutcome.of(() -> {
			// without an SVID, both ends would refuse, and one of them would log a
			// warning
			this.identity.x509Svid();
			return this.client.get()
				.uri("https://localhost:{port}/caller", this.connector.localPort())
				.retrieve()
				.requiredBody(Caller.class);
		});
	}

}
