package dev.psat.spire.oauth2;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

import org.springframework.security.oauth2.client.endpoint.AbstractOAuth2AuthorizationGrantRequest;
import org.springframework.security.oauth2.client.endpoint.ReactiveOAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.util.MultiValueMap;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@link SpiffeTokenResponseClient} that does not block its caller.
 */
final class ReactiveSpiffeTokenResponseClient<T extends AbstractOAuth2AuthorizationGrantRequest>
		implements ReactiveOAuth2AccessTokenResponseClient<T> {

	private final SpiffeJwtAuthentication authentication;

	private final ReactiveTokenEndpoint endpoint;

	/** Created when needed, since its HTTP client may have a thread. */
	private final Supplier<ReactiveOAuth2AccessTokenResponseClient<T>> others;

	ReactiveSpiffeTokenResponseClient(SpiffeJwtAuthentication authentication, ReactiveTokenEndpoint endpoint,
			Supplier<ReactiveOAuth2AccessTokenResponseClient<T>> others) {
		this.authentication = authentication;
		this.endpoint = endpoint;
		this.others = SingletonSupplier.of(others);
	}

	@Override
	public Mono<OAuth2AccessTokenResponse> getTokenResponse(T request) {
		if (!SpiffeJwtAuthentication.isMethodOf(request.getClientRegistration())) {
			return this.others.get().getTokenResponse(request);
		}
		return Mono.<MultiValueMap<String, String>>create((sink) -> authenticate(request, sink))
			.subscribeOn(Schedulers.boundedElastic())
			.flatMap((parameters) -> this.endpoint.ask(
					request.getClientRegistration().getProviderDetails().getTokenUri(),
					this.authentication.headers(request), parameters))
			.map((response) -> TokenRequests.complete(request, response));
	}

	/**
	 * A cancellation interrupts the wait for the JWT-SVID, and Reactor would log that
	 * failure as dropped.
	 */
	private void authenticate(T request, MonoSink<MultiValueMap<String, String>> sink) {
		AtomicBoolean cancelled = new AtomicBoolean();
		sink.onCancel(() -> cancelled.set(true));
		try {
			sink.success(this.authentication.parameters(request));
		}
		// Reactor would tell nobody of an error that it takes for the end of the JVM
		catch (Throwable ex) {
			if (!cancelled.get()) {
				sink.error(ex);
			}
		}
	}

}
