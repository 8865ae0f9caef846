package dev.psat.spire.test;

import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import dev.psat.spire.test.WorkloadUpdate.Identity;
import dev.psat.support.MutableClock;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AgentCache}, to which something happens while it synchronizes.
 */
class AgentCacheTests {

	private static final String AGENT = "spiffe://example.org/spire/agent/simulated";

	private final MutableClock mutableClock = new MutableClock();

	private Runnable whenClockIsRead = () -> {
	};

	private Runnable whenKeyIsMade = () -> {
	};

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.clock(new HookedClock())
		.entryCacheReload(Duration.ZERO)
		.build();

	private final AgentCache cache = new AgentCache(this.server, AGENT, this::newKey);

	private final List<WorkloadUpdate> told = new CopyOnWriteArrayList<>();

	@Test
	void taintIsToldBeforeWhatItMakesDueIsReplaced() {
		String first = Stream.of(createEntry("orders"), createEntry("billing")).sorted().findFirst().orElseThrow();
		sync();
		X509Authority old = this.server.authority().active();
		this.server.authority().prepare();
		this.server.authority().activate();
		this.server.entries().change(first, (entry) -> entry.hint("changed"));
		this.server.entries().reload();
		this.whenKeyIsMade = this.server.authority()::taint;
		sync();
		assertThat(this.cache.current().bundle().tainted()).isEmpty();
		assertThat(this.cache.current().identities()).hasSize(2)
			.last()
			.extracting((identity) -> identity.svid().issuer())
			.isSameAs(old);
		this.told.clear();
		sync();
		assertThat(this.told).hasSize(2).allMatch((update) -> update.bundle().tainted().size() == 1);
		assertThat(this.told.get(0).identities()).anyMatch((identity) -> identity.svid().issuer() == old);
		assertThat(this.told.get(1).identities()).noneMatch((identity) -> identity.svid().issuer() == old);
	}

	@Test
	void authorityIsInTheTrustBundleBeforeItIssues() {
		createEntry("orders");
		X509Authority old = this.server.authority().active();
		this.whenKeyIsMade = this.server.authority()::rotate;
		sync();
		assertThat(this.cache.current().identities()).singleElement()
			.extracting((identity) -> identity.svid().issuer())
			.isSameAs(old);
	}

	@Test
	void serverThatStopsMeanwhileIssuesNothingLater() {
		createEntry("orders");
		sync();
		Identity before = this.cache.current().identities().get(0);
		this.whenClockIsRead = () -> {
			this.server.stop();
			this.mutableClock.advance(Duration.ofHours(2));
		};
		sync();
		assertThat(this.cache.current().identities()).containsExactly(before);
	}

	private String createEntry(String name) {
		String id = this.server.entries().create(AGENT, "spiffe://example.org/ns/shop/sa/" + name);
		this.server.entries().reload();
		return id;
	}

	private void sync() {
		this.cache.sync(true, this.told::add);
	}

	private KeyPair newKey() {
		Runnable hook = this.whenKeyIsMade;
		this.whenKeyIsMade = () -> {
		};
		hook.run();
		return Certificates.newKeyPair();
	}

	private final class HookedClock extends Clock {

		@Override
		public Instant instant() {
			Runnable hook = AgentCacheTests.this.whenClockIsRead;
			AgentCacheTests.this.whenClockIsRead = () -> {
			};
			hook.run();
			return AgentCacheTests.this.mutableClock.instant();
		}

		@Override
		public ZoneId getZone() {
			return AgentCacheTests.this.mutableClock.getZone();
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

}
