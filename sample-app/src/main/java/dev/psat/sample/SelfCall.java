package dev.psat.sample;

import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.psat.sample.CallerController.Caller;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SvidUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Calls the application over mutual TLS like any other workload, and asks it for the
 * caller that it has accepted.
 */
@Component
class SelfCall {

	private final SpireIdentity identity;

	private final TlsConnector connector;

	private final RestClient client;

	private volatile Outcome last = Outcome.failed("No call has been made yet");

	SelfCall(SpireIdentity identity, TlsConnector connector, RestClient.Builder client, RestClientSsl ssl) {
		this.identity = identity;
		this.connector = connector;
		this.client = client.apply(ssl.fromBundle("spire")).build();
	}

	/**
	 * Return the outcome of the last call.
	 * @return the outcome
	 */
	Outcome last() {
		return this.last;
	}

	@Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
	void call() {
		try {
			// without an SVID, both ends would refuse, and one of them would log a
			// warning
			this.identity.x509Svid();
			this.last = Outcome.of(this.client.get()
				.uri("https://localhost:{port}/caller", this.connector.localPort())
				.retrieve()
				.requiredBody(Caller.class));
		}
		catch (SvidUnavailableException | RestClientException ex) {
			Throwable cause = Objects.requireNonNullElse(ex.getCause(), ex);
			this.last = Outcome.failed(Objects.requireNonNullElseGet(cause.getMessage(), cause::toString));
		}
	}

	/**
	 * The outcome of a call.
	 *
	 * @param at when it ended
	 * @param peer the caller that the application has accepted
	 * @param failure why it has not accepted any
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Outcome(Instant at, @Nullable Caller peer, @Nullable String failure) {

		static Outcome of(Caller peer) {
			return new Outcome(Instant.now(), peer, null);
		}

		static Outcome failed(String reason) {
			return new Outcome(Instant.now(), null, reason);
		}

	}

}
