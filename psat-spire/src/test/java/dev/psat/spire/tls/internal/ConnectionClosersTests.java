package dev.psat.spire.tls.internal;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import dev.psat.concurrent.internal.TestTime;
import dev.psat.spiffe.SvidMint;
import dev.psat.spire.tls.EndCause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for servers that {@link ConnectionEnder} has close what has ended.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionClosersTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final SvidMint OTHER = new SvidMint("other");

	private static final Duration RETRY = Duration.ofSeconds(1);

	private final MutableIdentity bank = MutableIdentity.of(ROOT, "spiffe://example.org/bank").telling();

	private final TestTime time = new TestTime();

	private final Registry registry = new Registry(this.bank, this.time);

	private final AtomicInteger calls = new AtomicInteger();

	@AfterEach
	void close() {
		this.registry.connections().close();
		this.time.settle();
	}

	@Test
	void serverClosesWhatHasEndedUntilNothingIsLeft() throws Exception {
		OpenConnection connection = this.registry.register(ROOT.order("spiffe://example.org/orders").mint().svid(),
				Registry.ANYBODY, this.registry.held());
		this.registry.connections().ender().addCloser((engines) -> {
			assertThat(connection.reason()).isNotNull();
			assertThat(engines).containsExactly(connection.get());
			return this.calls.incrementAndGet() < 3;
		});
		assertThat(connection.standing()).isEqualTo(OpenConnection.Standing.GOOD);
		this.time.settle();
		this.bank.trust(OTHER.bundle());
		this.time.settle();
		assertThat(this.calls).hasValue(1);
		this.time.pass(RETRY);
		assertThat(this.calls).hasValue(2);
		this.time.pass(RETRY);
		assertThat(this.calls).hasValue(3);
		assertThat(connection.standing()).isEqualTo(OpenConnection.Standing.ENDED);
	}

	@Test
	void serverThatFailsHindersNoOtherAndIsAskedAgain(CapturedOutput output) throws Exception {
		AtomicInteger others = new AtomicInteger();
		this.registry.connections().ender().addCloser((engines) -> {
			if (this.calls.incrementAndGet() < 3) {
				throw new IllegalStateException("broken");
			}
			return false;
		});
		this.registry.connections().ender().addCloser((engines) -> {
			others.incrementAndGet();
			return false;
		});
		this.registry.open(ROOT.order("spiffe://example.org/orders").mint());
		this.time.settle();
		this.bank.trust(OTHER.bundle());
		this.time.pass(RETRY.multipliedBy(2));
		assertThat(this.calls).hasValue(3);
		assertThat(others).hasValue(3);
		assertThat(this.registry.ended(EndCause.UNTRUSTED)).isOne();
		assertThat(output).containsOnlyOnce("Connections that have ended could not be closed");
	}

	@Test
	void serverThatHasStoppedIsAskedNoMore() throws Exception {
		Predicate<Set<Object>> stopped = (engines) -> {
			throw new AssertionError("has stopped");
		};
		this.registry.connections().ender().addCloser(stopped);
		this.registry.connections().ender().removeCloser(stopped);
		this.registry.connections().ender().addCloser((engines) -> {
			this.calls.incrementAndGet();
			return false;
		});
		this.registry.open(ROOT.order("spiffe://example.org/orders").mint());
		this.time.settle();
		this.bank.trust(OTHER.bundle());
		this.time.settle();
		assertThat(this.calls).hasValue(1);
	}

}
