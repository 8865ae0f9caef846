package dev.psat.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.psat.TokenRotatedEvent;
import dev.psat.TokenStateChangedEvent;
import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.ProjectedToken;
import dev.psat.token.Shown;
import dev.psat.token.SourceState;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;
import dev.psat.token.TokenUnavailableException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TokenEventPublisher} and the events it publishes.
 */
class TokenEventTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class))
		.withUserConfiguration(Events.class)
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + this.kubelet.tokenPath(),
				"spire.psat.refresh.poll-interval=100ms");

	@Test
	void firstTokenIsStateChangeFromNoneAndNoRotation() {
		this.contextRunner.run((context) -> {
			Collection<Object> events = awaitEvents(context, 1);
			ProjectedToken token = ProjectedToken.parse(this.kubelet.token());
			assertThat(events).containsExactly(TokenStateChangedEvent.builder(TokenState.NONE, TokenState.VALID)
				.sourceState(SourceState.OK)
				.fingerprint(token.fingerprint())
				.generation(1)
				.expiresAt(token.expiresAt())
				.build());
			await().during(Duration.ofMillis(250)).untilAsserted(() -> assertThat(events).hasSize(1));
		});
	}

	@Test
	void rotationTellsBothTokens() {
		this.contextRunner.run((context) -> {
			awaitEvents(context, 1);
			ProjectedToken first = ProjectedToken.parse(this.kubelet.token());
			ProjectedToken second = ProjectedToken.parse(this.kubelet.rotate());
			awaitEvents(context, 2);
			ProjectedToken third = ProjectedToken.parse(this.kubelet.rotate());
			assertThat(awaitEvents(context, 3)).endsWith(
					TokenRotatedEvent.builder(first.fingerprint(), second.fingerprint(), second.expiresAt())
						.generation(2)
						.build(),
					TokenRotatedEvent.builder(second.fingerprint(), third.fingerprint(), third.expiresAt())
						.generation(3)
						.build());
		});
	}

	@Test
	void rotationOfSourceThatDoesNotCountTellsBothTokens() {
		ProjectedToken first = ProjectedToken.parse(this.kubelet.issueToken());
		ProjectedToken second = ProjectedToken.parse(this.kubelet.issueToken());
		assertThat(eventsOfChange(status(first), status(second))).containsExactly(
				TokenRotatedEvent.builder(first.fingerprint(), second.fingerprint(), second.expiresAt()).build());
	}

	@Test
	void sameTokenPublishedAgainIsNotARotation() {
		try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build()) {
			String token = this.kubelet.token();
			TokenStatus before = source.refresh();
			this.kubelet.rotate();
			await().untilAsserted(() -> assertThat(Shown.token(source.refresh()).generation()).isEqualTo(2));
			this.kubelet.write(token.getBytes());
			await().untilAsserted(() -> assertThat(Shown.token(source.refresh()).generation()).isEqualTo(3));
			assertThat(Shown.token(source.status()).fingerprint()).isEqualTo(Shown.token(before).fingerprint());
			assertThat(eventsOfChange(before, source.status())).isEmpty();
		}
	}

	@Test
	void listenersFindTheClassLoaderOfTheApplication() {
		ClassLoader classLoader = new FilteredClassLoader("no.such.package");
		this.contextRunner.withClassLoader(classLoader).withUserConfiguration(ClassLoaders.class).run((context) -> {
			awaitEvents(context, 1);
			this.kubelet.rotate();
			awaitEvents(context, 2);
			assertThat(context.getBean(ClassLoaders.class).found).containsExactly(classLoader, classLoader);
		});
	}

	@Test
	void threadHasItsOwnClassLoaderAgainAfterListeners() {
		Thread thread = Thread.currentThread();
		ClassLoader own = new FilteredClassLoader("own");
		ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(own);
		try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).build()) {
			TokenStatus status = source.refresh();
			TokenStatus none = ((TokenSource) () -> {
				throw new TokenUnavailableException("none", TokenState.NONE, null, "none");
			}).status();
			List<ClassLoader> found = new CopyOnWriteArrayList<>();
			TokenEventPublisher publisher = new TokenEventPublisher((event) -> {
				found.add(thread.getContextClassLoader());
				throw new IllegalStateException("on purpose");
			}, before);
			assertThatIllegalStateException().isThrownBy(() -> publisher.statusChanged(none, status));
			assertThat(found).containsExactly(before);
			assertThat(thread.getContextClassLoader()).isSameAs(own);
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	@Test
	void listenerThatFailsHidesNoOtherEvent() {
		this.kubelet.rotateExpired();
		this.contextRunner.withUserConfiguration(FailingListener.class).run((context) -> {
			awaitEvents(context, 1);
			ProjectedToken token = ProjectedToken.parse(this.kubelet.rotate());
			await().untilAsserted(() -> assertThat(context.getBean(Events.class).events)
				.contains(TokenStateChangedEvent.builder(TokenState.EXPIRED, TokenState.VALID)
					.previousSourceState(SourceState.OK)
					.sourceState(SourceState.OK)
					.fingerprint(token.fingerprint())
					.generation(2)
					.expiresAt(token.expiresAt())
					.build()));
		});
	}

	@Test
	void childContextPublishesNothingOfItsParentsSource() {
		this.contextRunner.run((parent) -> {
			awaitEvents(parent, 1);
			this.contextRunner.withParent(parent).run((child) -> {
				this.kubelet.rotate();
				awaitEvents(parent, 2);
			});
			this.kubelet.rotate();
			Collection<Object> events = awaitEvents(parent, 3);
			await().during(Duration.ofMillis(250)).untilAsserted(() -> assertThat(events).hasSize(3));
		});
	}

	@Test
	void sameTokenProjectedAgainPublishesNoEvent() {
		this.contextRunner.run((context) -> {
			Collection<Object> events = awaitEvents(context, 1);
			Instant before = Instant.now();
			this.kubelet.write(this.kubelet.token().getBytes());
			await().untilAsserted(
					() -> assertThat(Shown.watch(context.getBean(TokenSource.class).status()).lastCheckedAt())
						.isAfter(before.plusMillis(200)));
			assertThat(events).hasSize(1);
		});
	}

	@Test
	void problemIsStateChangeWithAdviceAndItsEndOneWithout() {
		this.contextRunner.run((context) -> {
			awaitEvents(context, 1);
			this.kubelet.removeToken();
			assertThat(List.copyOf(awaitEvents(context, 2)).get(1)).isInstanceOfSatisfying(TokenStateChangedEvent.class,
					(event) -> {
						assertThat(event.previousTokenState()).isEqualTo(TokenState.VALID);
						assertThat(event.tokenState()).isEqualTo(TokenState.VALID);
						assertThat(event.previousSourceState()).isEqualTo(SourceState.OK);
						assertThat(event.sourceState()).isEqualTo(SourceState.MISSING);
						assertThat(event.advice()).contains("serviceAccountToken");
					});
			String before = context.getBean(TokenSource.class).current().fingerprint();
			ProjectedToken token = ProjectedToken.parse(this.kubelet.rotate());
			assertThat(awaitEvents(context, 4)).endsWith(
					TokenRotatedEvent.builder(before, token.fingerprint(), token.expiresAt()).generation(2).build(),
					TokenStateChangedEvent.builder(TokenState.VALID, TokenState.VALID)
						.previousSourceState(SourceState.MISSING)
						.sourceState(SourceState.OK)
						.fingerprint(token.fingerprint())
						.generation(2)
						.expiresAt(token.expiresAt())
						.build());
		});
	}

	@Test
	void startWithoutTokenIsStateChangeToProblem() {
		this.kubelet.removeToken();
		this.contextRunner.run((context) -> assertThat(List.copyOf(awaitEvents(context, 1)).get(0))
			.isInstanceOfSatisfying(TokenStateChangedEvent.class, (event) -> {
				assertThat(event.previousTokenState()).isEqualTo(TokenState.NONE);
				assertThat(event.tokenState()).isEqualTo(TokenState.NONE);
				assertThat(event.previousSourceState()).isNull();
				assertThat(event.sourceState()).isEqualTo(SourceState.MISSING);
				assertThat(event.advice()).isNotBlank();
				assertThat(event.fingerprint()).isNull();
				assertThat(event.generation()).isZero();
				assertThat(event.expiresAt()).isNull();
			}));
	}

	@Test
	void nothingIsPublishedBeforeStart() {
		this.contextRunner.withUserConfiguration(EarlyLifecycle.class).run((context) -> {
			assertThat(context.getBean(EarlyLifecycle.class).eventsAtStart).isEqualTo(0);
			awaitEvents(context, 1);
		});
	}

	@Test
	void nothingIsPublishedAfterClose() {
		this.contextRunner.run((context) -> {
			Collection<Object> events = awaitEvents(context, 1);
			context.close();
			this.kubelet.rotate();
			await().during(Duration.ofMillis(300)).untilAsserted(() -> assertThat(events).hasSize(1));
		});
	}

	@Test
	void slowListenerMissesTokensAndGetsLatest() {
		this.contextRunner.withUserConfiguration(SlowListener.class).run((context) -> {
			awaitEvents(context, 1);
			String first = ProjectedToken.parse(this.kubelet.token()).fingerprint();
			TokenSource source = context.getBean(TokenSource.class);
			SlowListener slow = context.getBean(SlowListener.class);
			List<String> announced = new CopyOnWriteArrayList<>();
			source.addListener((previous, current) -> announced.add(Shown.token(current).fingerprint()));
			String second = ProjectedToken.parse(this.kubelet.rotate()).fingerprint();
			assertThat(slow.entered.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
			String last = "";
			for (int i = 0; i < 3; i++) {
				String token = this.kubelet.rotate();
				await().untilAsserted(() -> assertThat(source.value()).isEqualTo(token));
				last = ProjectedToken.parse(token).fingerprint();
			}
			String latest = last;
			// a token is published before it is announced
			await().until(() -> announced.contains(latest));
			slow.mayLeave.countDown();
			await().untilAsserted(() -> assertThat(rotations(context)).extracting(TokenRotatedEvent::fingerprint)
				.containsExactly(second, latest));
			assertThat(rotations(context)).extracting(TokenRotatedEvent::previousFingerprint)
				.containsExactly(first, second);
			assertThat(rotations(context)).extracting(TokenRotatedEvent::generation).containsExactly(2L, 5L);
		});
	}

	@Test
	void brokenListenerDoesNotEndEvents() {
		this.contextRunner.withUserConfiguration(BrokenListener.class).run((context) -> {
			awaitEvents(context, 1);
			BrokenListener broken = context.getBean(BrokenListener.class);
			for (int i = 1; i <= 3; i++) {
				this.kubelet.rotate();
				int calls = i;
				await().untilAsserted(() -> assertThat(broken.calls).hasSizeGreaterThanOrEqualTo(calls));
			}
		});
	}

	@Test
	void eventsShowNoPartOfToken() {
		this.contextRunner.run((context) -> {
			awaitEvents(context, 1);
			this.kubelet.rotate();
			assertThat(awaitEvents(context, 2).toString()).doesNotContain(this.kubelet.token().split("\\.")[1]);
		});
	}

	private static Collection<Object> awaitEvents(ApplicationContext context, int count) {
		Collection<Object> events = context.getBean(Events.class).events;
		await().untilAsserted(() -> assertThat(events).hasSizeGreaterThanOrEqualTo(count));
		return events;
	}

	private static TokenStatus status(ProjectedToken token) {
		return ((TokenSource) () -> token).status();
	}

	private static List<Object> eventsOfChange(TokenStatus previous, TokenStatus current) {
		List<Object> events = new CopyOnWriteArrayList<>();
		new TokenEventPublisher(events::add, null).statusChanged(previous, current);
		return events;
	}

	private static List<TokenRotatedEvent> rotations(ApplicationContext context) {
		return context.getBean(Events.class).events.stream()
			.filter(TokenRotatedEvent.class::isInstance)
			.map(TokenRotatedEvent.class::cast)
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class Events {

		final Collection<Object> events = new CopyOnWriteArrayList<>();

		@EventListener({ TokenRotatedEvent.class, TokenStateChangedEvent.class })
		void add(Object event) {
			this.events.add(event);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyLifecycle implements SmartLifecycle {

		private final TokenSource source;

		private final Events events;

		int eventsAtStart = -1;

		EarlyLifecycle(TokenSource source, Events events) {
			this.source = source;
			this.events = events;
		}

		@Override
		public void start() {
			await().untilAsserted(() -> assertThat(Shown.token(this.source.status()).generation()).isOne());
			this.source.refresh();
			this.eventsAtStart = this.events.events.size();
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return this.eventsAtStart >= 0;
		}

		@Override
		public int getPhase() {
			return PsatLifecycle.PHASE - 1;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SlowListener {

		final CountDownLatch entered = new CountDownLatch(1);

		final CountDownLatch mayLeave = new CountDownLatch(1);

		@EventListener
		void rotated(TokenRotatedEvent event) throws InterruptedException {
			this.entered.countDown();
			this.mayLeave.await(Patience.SECONDS, TimeUnit.SECONDS);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BrokenListener {

		final Collection<Object> calls = new CopyOnWriteArrayList<>();

		@EventListener
		void rotated(TokenRotatedEvent event) {
			this.calls.add(event);
			throw new IllegalStateException("broken on purpose");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ClassLoaders {

		final List<ClassLoader> found = new CopyOnWriteArrayList<>();

		@EventListener({ TokenRotatedEvent.class, TokenStateChangedEvent.class })
		@Order(Ordered.HIGHEST_PRECEDENCE)
		void find() {
			this.found.add(Thread.currentThread().getContextClassLoader());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FailingListener {

		@EventListener
		void rotated(TokenRotatedEvent event) {
			throw new IllegalStateException("on purpose");
		}

	}

}
