package dev.psat.spire.autoconfigure;

import java.math.BigInteger;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStateChangedEvent;
import dev.psat.spire.SvidRotatedEvent;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.TrustBundleChangedEvent;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link IdentityChanges.Events}.
 */
class SpireEventTests {

	private final TestIdentity identity = new TestIdentity();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token")
		.withBean(SpireIdentity.class, () -> this.identity)
		.withUserConfiguration(Listener.class);

	@Test
	void everySvidButTheFirstIsARotation() {
		this.contextRunner.run((context) -> {
			this.identity.become(TestIdentity.ready(1, 1));
			this.identity.become(TestIdentity.ready(2));
			assertThat(context.getBean(Listener.class).events).containsExactly(
					SpireStateChangedEvent.builder(SpireState.STARTING, SpireState.READY).build(), rotation(2));
		});
	}

	@Test
	void svidThatComesAfterOneWasWithdrawnIsARotation() {
		this.contextRunner.run((context) -> {
			this.identity.become(TestIdentity.ready(1, 1));
			this.identity.become(TestIdentity.bare(SpireState.WAITING_FOR_ENTRY));
			List<Object> events = context.getBean(Listener.class).events;
			events.clear();
			this.identity.become(TestIdentity.ready(2, 2));
			assertThat(events).containsExactly(rotation(2),
					SpireStateChangedEvent.builder(SpireState.WAITING_FOR_ENTRY, SpireState.READY).build());
		});
	}

	@Test
	void bundleIsUpdatedBeforeTheSvidIsTold() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class)).run((context) -> {
			List<Object> events = context.getBean(Listener.class).events;
			context.getBean(SslBundles.class).addBundleUpdateHandler("spire", (bundle) -> events.add("updated"));
			this.identity.become(TestIdentity.ready(1, 1));
			assertThat(events).containsExactly("updated",
					SpireStateChangedEvent.builder(SpireState.STARTING, SpireState.READY).build());
			events.clear();
			this.identity.become(TestIdentity.ready(2, 4));
			assertThat(events).containsExactly("updated", rotation(2));
			this.identity.become(TestIdentity.failing(SpireState.RENEWAL_FAILING, true));
		});
	}

	@Test
	void bundleIsUpdatedBeforeAChangedTrustBundleIsTold() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class)).run((context) -> {
			this.identity.become(TestIdentity.ready(1, 1));
			List<Object> events = context.getBean(Listener.class).events;
			events.clear();
			context.getBean(SslBundles.class).addBundleUpdateHandler("spire", (bundle) -> events.add("updated"));
			this.identity.become(TestIdentity.trusting(2, 2));
			assertThat(events).containsExactly("updated",
					TrustBundleChangedEvent.builder(2).sequenceNumber(8L).build());
		});
	}

	@Test
	void firstTrustBundleIsNoChange() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class)).run((context) -> {
			List<Object> events = context.getBean(Listener.class).events;
			context.getBean(SslBundles.class).addBundleUpdateHandler("spire", (bundle) -> events.add("updated"));
			this.identity.become(TestIdentity.bare(SpireState.STARTING));
			this.identity.become(TestIdentity.failing(SpireState.STARTING, false));
			assertThat(events).isEmpty();
		});
	}

	/**
	 * What happened before is told at once when the application starts, and a bean may
	 * have copied the authorities or used the earlier X.509-SVID by then.
	 */
	@Test
	void whatChangedBeforeAnybodyWasToldIsAChange() {
		List<Object> events = new CopyOnWriteArrayList<>();
		new IdentityChanges.Events(events::add).publish(TestIdentity.bare(SpireState.STARTING),
				TestIdentity.trusting(2, 2));
		assertThat(events).containsExactly(TrustBundleChangedEvent.builder(2).sequenceNumber(8L).build(), rotation(1),
				SpireStateChangedEvent.builder(SpireState.STARTING, SpireState.READY).build());
	}

	@Test
	void changeOfStateTellsTheAdvice() {
		this.identity.become(TestIdentity.ready(1, 1));
		this.contextRunner.run((context) -> {
			this.identity.become(TestIdentity.failing(SpireState.RENEWAL_FAILING, true));
			assertThat(context.getBean(Listener.class).events)
				.containsExactly(SpireStateChangedEvent.builder(SpireState.READY, SpireState.RENEWAL_FAILING)
					.advice("Check that it runs.")
					.build());
		});
	}

	@Test
	void nothingIsToldWhereSvidAndStateStay() {
		this.identity.become(TestIdentity.ready(1, 1));
		this.contextRunner.run((context) -> {
			this.identity.become(TestIdentity.failing(SpireState.READY, true));
			assertThat(context.getBean(Listener.class).events).isEmpty();
		});
	}

	@Test
	void listenerThatFailsKeepsNoOtherEventBack() {
		this.contextRunner.run((context) -> {
			Listener listener = context.getBean(Listener.class);
			listener.failAtRotation = true;
			this.identity.become(TestIdentity.ready(2, 1));
			listener.events.clear();
			assertThatIllegalStateException()
				.isThrownBy(() -> this.identity.become(TestIdentity.failing(SpireState.RENEWAL_FAILING, true)));
			assertThat(listener.events)
				.containsExactly(SpireStateChangedEvent.builder(SpireState.READY, SpireState.RENEWAL_FAILING)
					.advice("Check that it runs.")
					.build());
		});
	}

	@Test
	void listenersFindTheClassLoaderOfTheApplication() {
		FilteredClassLoader loader = new FilteredClassLoader("nothing");
		this.contextRunner.withClassLoader(loader).run((context) -> {
			Thread thread = Thread.currentThread();
			ClassLoader before = thread.getContextClassLoader();
			thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
			try {
				this.identity.become(TestIdentity.ready(1, 1));
				this.identity.become(TestIdentity.ready(2));
				assertThat(thread.getContextClassLoader()).isSameAs(ClassLoader.getPlatformClassLoader());
			}
			finally {
				thread.setContextClassLoader(before);
			}
			assertThat(context.getBean(Listener.class).loaders).hasSize(2).containsOnly(loader);
		});
	}

	private static SvidRotatedEvent rotation(int serialNumber) {
		return SvidRotatedEvent
			.builder(SpiffeId.parse("spiffe://example.org/orders"), BigInteger.valueOf(serialNumber),
					TestIdentity.EXPIRES_AT)
			.build();
	}

	@Configuration(proxyBeanMethods = false)
	static class Listener {

		final List<Object> events = new CopyOnWriteArrayList<>();

		final List<ClassLoader> loaders = new CopyOnWriteArrayList<>();

		boolean failAtRotation;

		@EventListener
		void rotated(SvidRotatedEvent event) {
			if (this.failAtRotation) {
				throw new IllegalStateException("on purpose");
			}
			told(event);
		}

		@EventListener
		void trustBundleChanged(TrustBundleChangedEvent event) {
			told(event);
		}

		@EventListener
		void stateChanged(SpireStateChangedEvent event) {
			told(event);
		}

		private void told(Object event) {
			this.events.add(event);
			this.loaders.add(Thread.currentThread().getContextClassLoader());
		}

	}

}
