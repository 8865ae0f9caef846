package dev.psat.sample;

import java.util.concurrent.TimeUnit;

import dev.psat.sample.CallerController.Caller;
import dev.psat.spire.SpireIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.util.Assert;
import org.springframework.web.client.RestClient;

/**
 * Calls a server with a classic certificate, and asks it for the caller that it has seen.
 * It does nothing unless there is such a partner, which only the running application
 * knows.
 */
@Component
class PartnerCall {

	private final SpireIdentity identity;

	private final String url;

	private final RestClient client;

	private volatile @Nullable CallOutcome last;

	PartnerCall(SpireIdentity identity, @Value("${sample.partner-url:}") String url, RestClient.Builder client,
			RestClientSsl ssl) {
		Assert.isTrue(url.isEmpty() || url.startsWith("https://"), "'sample.partner-url' must begin with 'https://'");
		this.identity = identity;
		this.url = url;
		this.client = client.apply(ssl.fromBundle("partner")).build();
		this.last = url.isEmpty() ? null : CallOutcome.failed(CallOutcome.NONE_YET);
	}

	/**
	 * Return the outcome of the last call.
	 * @return the outcome, {@code null} if there is no partner
	 */
	@Nullable CallOutcome last() {
		return this.last;
	}

	@Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
	void call() {
		if (this.last != null) {
			this.last = CallOutcome.of(() -> {
				// without an SVID, the bundle would refuse and log a warning
				this.identity.x509Svid();
				return this.client.get().uri(this.url).retrieve().requiredBody(Caller.class);
			});
		}
	}

}
