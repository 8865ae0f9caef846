package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.concurrent.internal.Time;
import dev.psat.spire.autoconfigure.authorization.internal.PeerLists;
import dev.psat.spire.autoconfigure.internal.BundleServers;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SslBundleUpdates}.
 */
@ExtendWith(OutputCaptureExtension.class)
class SslBundleUpdatesTests {

	private static final String FAILED = "An update handler of the SSL bundle failed";

	private final OwnBundle own = new OwnBundle("spire", PeerLists.refusing("is refused"), SslOptions.NONE, false);

	private final SpiffeSslBundle bundle = this.own.bundle();

	private final RegisteredBundles bundles = new RegisteredBundles(this.own,
			new IdentityBundles(Map.of(), this.own, true), PolicyBeans.in(new DefaultListableBeanFactory()));

	private final DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("spire", this.bundle);

	private final BundleServers servers = new BundleServers(this.bundle, null, null);

	private final List<String> told = new CopyOnWriteArrayList<>();

	private boolean failing;

	@Test
	void handlersAreToldAndThenTheServersAreChecked() {
		SslBundleUpdates updates = updates();
		this.registry.addBundleUpdateHandler("spire", (bundle) -> {
			assertThat(bundle).isSameAs(this.bundle);
			this.told.add("handler");
		});
		this.servers.afterUpdate(() -> this.told.add("server"));
		updates.update();
		updates.update();
		assertThat(this.told).containsExactly("handler", "server", "handler", "server");
	}

	@Test
	void nobodyIsWarnedThatNothingHandlesUpdates(CapturedOutput output) {
		updates().update();
		assertThat(output).isEmpty();
	}

	@Test
	void handlerThatFailsIsLoggedOnceUntilItIsOver(CapturedOutput output) {
		SslBundleUpdates updates = updates();
		this.registry.addBundleUpdateHandler("spire", (bundle) -> fail());
		this.servers.afterUpdate(() -> this.told.add("server"));
		this.failing = true;
		updates.update();
		updates.update();
		assertThat(output).containsOnlyOnce(FAILED).contains("on purpose");
		this.failing = false;
		updates.update();
		this.failing = true;
		updates.update();
		assertThat(output.toString().split(FAILED, -1)).hasSize(3);
		assertThat(this.told).hasSize(4);
	}

	@Test
	void handlerThatThrowsWhatItDoesNotDeclareKeepsNoServerFromBeingChecked(CapturedOutput output) {
		SslBundleUpdates updates = updates();
		this.registry.addBundleUpdateHandler("spire",
				(bundle) -> SslBundleUpdatesTests.<RuntimeException>sneak(new IOException("on purpose")));
		this.servers.afterUpdate(() -> SslBundleUpdatesTests.<RuntimeException>sneak(new IOException("on purpose")));
		this.servers.afterUpdate(() -> this.told.add("server"));
		updates.update();
		assertThat(output).contains(FAILED);
		assertThat(this.told).containsExactly("server");
	}

	@Test
	void handlersAreToldAgainAfterAnErrorOfTheJvm(CapturedOutput output) {
		this.registry.addBundleUpdateHandler("spire", (bundle) -> {
			this.told.add("first");
			if (this.told.size() < 5) {
				throw new OutOfMemoryError("on purpose");
			}
		});
		this.registry.addBundleUpdateHandler("spire", (bundle) -> this.told.add("second"));
		this.servers.afterUpdate(() -> this.told.add("server"));
		impatientUpdates().update();
		assertThat(this.told).containsExactly("first", "first", "first", "first", "first", "second", "server");
		assertThat(output).doesNotContain(FAILED);
	}

	@Test
	void errorOfTheJvmThatStaysIsLoggedAndTheServersAreChecked(CapturedOutput output) {
		this.registry.addBundleUpdateHandler("spire", (bundle) -> {
			throw new OutOfMemoryError("on purpose");
		});
		this.servers.afterUpdate(() -> this.told.add("server"));
		impatientUpdates().update();
		assertThat(output).containsOnlyOnce(FAILED);
		assertThat(this.told).containsExactly("server");
	}

	@Test
	void interruptEndsTheTriesAndStays() {
		this.registry.addBundleUpdateHandler("spire", (bundle) -> {
			this.told.add("handler");
			throw new OutOfMemoryError("on purpose");
		});
		Thread.currentThread().interrupt();
		updates().update();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.told).containsExactly("handler");
	}

	@Test
	void errorInACheckKeepsNoOtherFromRunning(CapturedOutput output) {
		this.servers.afterUpdate(() -> {
			throw new OutOfMemoryError("on purpose");
		});
		this.servers.afterUpdate(() -> this.told.add("server"));
		updates().update();
		assertThat(this.told).containsExactly("server");
		assertThat(output).contains("could not be checked");
	}

	@Test
	void serversAreCheckedWhereThereIsNoRegistry() {
		this.servers.afterUpdate(() -> this.told.add("server"));
		new SslBundleUpdates(this.bundles.byName(), null, this.servers).update();
		assertThat(this.told).containsExactly("server");
	}

	@Test
	void registryOfUserThatLacksTheBundleStopsTheStart() {
		DefaultSslBundleRegistry empty = new DefaultSslBundleRegistry();
		assertThatIllegalStateException().isThrownBy(() -> this.bundles.check(empty))
			.withMessageContaining("has no bundle 'spire'")
			.withMessageContaining("SslBundleRegistrar");
	}

	private SslBundleUpdates impatientUpdates() {
		return new SslBundleUpdates(Map.of("spire", this.bundle), this.registry, this.servers, Duration.ofMillis(1),
				Time.ofSystem());
	}

	private SslBundleUpdates updates() {
		this.bundles.check(this.registry);
		return new SslBundleUpdates(this.bundles.byName(), this.registry, this.servers);
	}

	/**
	 * Throws what it does not declare, as whatever is not written in Java may do.
	 */
	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneak(Throwable failure) throws T {
		throw (T) failure;
	}

	private void fail() {
		if (this.failing) {
			throw new IllegalArgumentException("on purpose");
		}
	}

}
