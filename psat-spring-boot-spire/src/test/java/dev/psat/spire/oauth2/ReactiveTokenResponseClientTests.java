package dev.psat.spire.oauth2;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.ApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.security.oauth2.client.endpoint.AbstractOAuth2AuthorizationGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.ReactiveOAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.WebClientReactiveClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.web.reactive.function.client.WebClientRequestException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * {@link TokenResponseClientContract} for {@link ReactiveSpiffeTokenResponseClient}.
 */
class ReactiveTokenResponseClientTests extends TokenResponseClientContract {

	@Test
	void callerThatMustNotBlockDoesNot() {
		this.contextRunner.run((context) -> {
			Mono<OAuth2AccessTokenResponse> answer = client(context, clientCredentials("spiffe_jwt"))
				.subscribeOn(Schedulers.parallel());
			assertThat(answer.block()).isNotNull();
			assertThat(this.identity.audiences()).hasSize(1);
			assertThat(this.identity.isAskedWithoutBlocking()).isFalse();
		});
	}

	@Test
	void nothingIsAskedBeforeSomebodySubscribes() {
		this.contextRunner.run((context) -> {
			client(context, clientCredentials("spiffe_jwt"));
			assertThat(this.identity.audiences()).isEmpty();
		});
	}

	/**
	 * Reactor takes such an error for the end of the JVM, and tells no subscriber.
	 */
	@Test
	void errorOfTheJvmEndsTheWait() {
		this.identity.issueBy((audience) -> {
			throw new InternalError("on purpose");
		});
		this.contextRunner.run((context) -> assertThatExceptionOfType(InternalError.class)
			.isThrownBy(() -> client(context, clientCredentials("spiffe_jwt")).block(Duration.ofSeconds(10)))
			.withMessage("on purpose"));
	}

	@Test
	void waitForTheJwtSvidEndsWithTheSubscription(CapturedOutput output) {
		CountDownLatch interrupted = new CountDownLatch(1);
		this.identity.issueBy((audience) -> {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
				Thread.currentThread().interrupt();
			}
			throw IssuingIdentity.unavailable();
		});
		this.contextRunner.run((context) -> {
			Disposable subscription = client(context, clientCredentials("spiffe_jwt")).subscribe();
			await().until(() -> !this.identity.audiences().isEmpty());
			subscription.dispose();
			await().until(() -> interrupted.getCount() == 0);
			assertThat(this.server.forms()).isEmpty();
		});
		assertThat(output).doesNotContain("onErrorDropped");
	}

	@Override
	OAuth2AccessTokenResponse ask(ApplicationContext context, AbstractOAuth2AuthorizationGrantRequest request) {
		return Objects.requireNonNull(client(context, request).block());
	}

	private static Mono<OAuth2AccessTokenResponse> client(ApplicationContext context,
			AbstractOAuth2AuthorizationGrantRequest request) {
		ReactiveOAuth2AccessTokenResponseClient<AbstractOAuth2AuthorizationGrantRequest> client = context
			.<ReactiveOAuth2AccessTokenResponseClient<AbstractOAuth2AuthorizationGrantRequest>>getBeanProvider(
					ResolvableType.forClassWithGenerics(ReactiveOAuth2AccessTokenResponseClient.class,
							request.getClass()))
			.getObject();
		return client.getTokenResponse(request);
	}

	@Override
	OAuth2AccessTokenResponse ask(Duration readTimeout, OAuth2ClientCredentialsGrantRequest request) {
		return Objects.requireNonNull(
				new ReactiveSpiffeTokenResponseClient<>(new SpiffeJwtAuthentication(() -> this.identity, Map.of()),
						new ReactiveTokenEndpoint(readTimeout),
						WebClientReactiveClientCredentialsTokenResponseClient::new)
					.getTokenResponse(request)
					.block());
	}

	@Override
	Class<?>[] expectedOfSpring() {
		return new Class<?>[] { OAuth2AuthorizationException.class, WebClientRequestException.class };
	}

}
