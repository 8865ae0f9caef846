package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.psat.test.SimulatedKubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Time alone changes states: no file is touched in these tests after the source started.
 */
class TokenClockTests {

	private static final Duration WITHIN_A_SECOND = Duration.ofMillis(1500);

	@AutoClose
	SimulatedKubelet kubelet;

	@AutoClose
	TokenSource source;

	private final MutableClock clock = new MutableClock();

	private final List<TokenState> told = Collections.synchronizedList(new ArrayList<>());

	private Instant issuedAt;

	@BeforeEach
	void setUp(@TempDir Path directory) {
		this.kubelet = SimulatedKubelet.builder().directory(directory).build();
		this.issuedAt = Objects.requireNonNull(ProjectedToken.parse(this.kubelet.token()).issuedAt());
		this.clock.set(this.issuedAt);
		this.source = TokenSource.builder(this.kubelet.tokenPath())
			.clock(this.clock)
			.pollInterval(Duration.ofMillis(200))
			.build();
		this.source.addListener((previous, current) -> this.told.add(current.tokenState()));
	}

	@Test
	void listenersHearOfOverdueAndExpiryWithinASecond() {
		this.clock.set(this.issuedAt.plusMillis(584_500));
		this.source.start();
		awaitTold(TokenState.VALID, TokenState.OVERDUE);
		assertThat(this.source.value()).isEqualTo(this.kubelet.token());
		assertThat(this.source.status().advice()).contains("subPath");
		this.clock.set(this.issuedAt.plusMillis(659_500));
		awaitTold(TokenState.VALID, TokenState.OVERDUE, TokenState.EXPIRED);
		assertThatExceptionOfType(TokenUnavailableException.class).isThrownBy(this.source::value)
			.satisfies((ex) -> assertThat(ex.tokenState()).isEqualTo(TokenState.EXPIRED));
	}

	@Test
	void expiryIsNoticedWithoutAPoll() {
		this.source.close();
		this.told.clear();
		this.clock.set(this.issuedAt.plusMillis(659_500));
		this.source = TokenSource.builder(this.kubelet.tokenPath())
			.clock(this.clock)
			.pollInterval(Duration.ofHours(1))
			.build();
		this.source.addListener((previous, current) -> this.told.add(current.tokenState()));
		this.source.start();
		awaitTold(TokenState.OVERDUE, TokenState.EXPIRED);
	}

	@Test
	void clockThatIsSteppedBackRevivesTheToken() {
		this.clock.set(this.issuedAt.plusSeconds(700));
		this.source.start();
		awaitTold(TokenState.EXPIRED);
		this.clock.step(Duration.ofSeconds(-300));
		awaitTold(TokenState.EXPIRED, TokenState.VALID);
		assertThat(this.source.value()).isEqualTo(this.kubelet.token());
	}

	@Test
	void tokenBecomesValidByItself() {
		this.clock.set(this.issuedAt.minusMillis(60_700));
		this.source.start();
		awaitTold(TokenState.NOT_YET_VALID, TokenState.VALID);
	}

	@Test
	void statusFollowsTheClockAtOnce() {
		this.source.refresh();
		assertThat(this.source.status().expiresIn()).isBetween(Duration.ofSeconds(598), Duration.ofSeconds(600));
		this.clock.set(this.issuedAt.plusMillis(600_500));
		assertThat(this.source.status().expiresIn()).isEqualTo(Duration.ofSeconds(-1));
		assertThat(this.source.status().tokenState()).isEqualTo(TokenState.OVERDUE);
		this.clock.set(this.issuedAt.plusSeconds(661));
		assertThat(this.source.status().tokenState()).isEqualTo(TokenState.EXPIRED);
	}

	@Test
	void fileThatIsStaleReplacesATokenThatExpires() {
		this.source.start();
		String expired = this.kubelet.rotateExpired();
		await().atMost(WITHIN_A_SECOND).until(() -> this.source.status().sourceState() == SourceState.STALE);
		this.clock.set(this.issuedAt.plusSeconds(661));
		await().atMost(WITHIN_A_SECOND.multipliedBy(2)).until(() -> this.source.status().generation() == 2);
		assertThat(this.source.status().fingerprint()).isEqualTo(ProjectedToken.parse(expired).fingerprint());
		assertThat(this.source.status().sourceState()).isEqualTo(SourceState.OK);
	}

	private void awaitTold(TokenState... states) {
		await().atMost(WITHIN_A_SECOND).untilAsserted(() -> assertThat(this.told).containsExactly(states));
	}

}
