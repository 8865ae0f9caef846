package dev.psat.health;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.ProjectedToken;
import dev.psat.token.SourceState;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;
import dev.psat.token.TokenUnavailableException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link PsatHealthIndicator}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PsatHealthIndicatorTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@Test
	void healthWhenTokenIsValidIsUp() {
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsOnly(entry("tokenState", TokenState.VALID),
				entry("sourceState", SourceState.OK), entry("expiresAt", expiresAt(this.kubelet.token())));
	}

	@Test
	void healthWhenThereIsNoTokenIsDown() {
		this.kubelet.removeToken();
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsOnlyKeys("tokenState", "sourceState", "message", "advice")
			.containsEntry("tokenState", TokenState.NONE)
			.containsEntry("sourceState", SourceState.MISSING);
		assertThat(health.getDetails().get("message")).asString().contains(this.kubelet.tokenPath().toString());
		assertThat(health.getDetails().get("advice")).asString().contains("serviceAccountToken");
	}

	@Test
	void healthWhenFileIsMalformedIsDown() {
		this.kubelet.write("no token".getBytes(StandardCharsets.US_ASCII));
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("sourceState", SourceState.MALFORMED)
			.containsKeys("message", "advice");
	}

	@Test
	void healthWhenTokenIsForAnotherAudienceIsDown() {
		this.kubelet.rotateWithAudience("vault");
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("sourceState", SourceState.WRONG_AUDIENCE)
			.containsKeys("message", "advice");
	}

	@Test
	void healthWhenTokenIsExpiredIsDown() {
		String token = this.kubelet.rotateExpired();
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("tokenState", TokenState.EXPIRED)
			.containsEntry("expiresAt", expiresAt(token))
			.containsKeys("message", "advice");
	}

	@Test
	void healthWhenTokenIsNotYetValidIsDown() {
		this.kubelet.rotateNotYetValid(Duration.ofMinutes(5));
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("tokenState", TokenState.NOT_YET_VALID)
			.containsKeys("message", "advice");
	}

	@Test
	void healthWhenTokenIsOverdueIsUpWithReason() {
		this.kubelet.rotateWithClockSkew(Duration.ofSeconds(-595));
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("tokenState", TokenState.OVERDUE);
		assertThat(health.getDetails().get("message")).asString().contains("kubelet should have replaced the token");
		assertThat(health.getDetails().get("advice")).asString().contains("subPath");
	}

	@Test
	void healthWhenFileVanishesWhileTokenIsInForceIsUpWithReason() {
		try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).build()) {
			source.refresh();
			this.kubelet.removeToken();
			source.refresh();
			Health health = new PsatHealthIndicator(source).health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsEntry("tokenState", TokenState.VALID)
				.containsEntry("sourceState", SourceState.MISSING)
				.containsKeys("expiresAt", "message", "advice");
		}
	}

	@Test
	void healthWhenSourceReadsNoFileShowsTokenAlone() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.token());
		Health health = new PsatHealthIndicator(() -> token).health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsOnlyKeys("tokenState", "expiresAt");
	}

	@Test
	void healthWhenSourceHasNoTokenIsDownWithReason() {
		Health health = new PsatHealthIndicator(() -> {
			throw new TokenUnavailableException("it rains", TokenState.NONE, null, "wait");
		}).health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsOnly(entry("tokenState", TokenState.NONE), entry("message", "it rains"),
				entry("advice", "wait"));
	}

	@Test
	void healthWhenSourceIsBrokenIsDownAndTellsTypeAlone(CapturedOutput output) {
		String token = this.kubelet.token();
		TokenSource source = () -> {
			throw new IllegalArgumentException("bad token " + token);
		};
		for (TokenSource broken : List.of(source, new BrokenStatus(source))) {
			for (PsatAttestor attestor : Arrays.asList(null, PsatAttestor.of("demo-cluster", broken, List.of()),
					(PsatAttestor) () -> AttestationPayload.of("demo-cluster", broken.current()))) {
				Health health = new PsatHealthIndicator(broken, attestor, true).health();
				assertThat(health.getStatus()).isEqualTo(Status.DOWN);
				assertThat(health.getDetails()).containsOnlyKeys("tokenState", "message", "advice")
					.containsEntry("tokenState", TokenState.NONE)
					.containsEntry("message", "Asking for a token failed with java.lang.IllegalArgumentException");
			}
		}
		assertThat(output).doesNotContain(token);
	}

	@Test
	void healthWhenAttestorReadsAnotherSourceIsThatOfItsPayload() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.token());
		TokenSource empty = () -> {
			throw new TokenUnavailableException("it rains", TokenState.NONE, SourceState.MISSING, "wait");
		};
		Health down = new PsatHealthIndicator(() -> token, PsatAttestor.of("demo-cluster", empty, List.of()), true)
			.health();
		assertThat(down.getStatus()).isEqualTo(Status.DOWN);
		assertThat(down.getDetails()).containsOnly(entry("tokenState", TokenState.NONE),
				entry("sourceState", SourceState.MISSING), entry("expiresAt", token.expiresAt()),
				entry("message", "it rains"), entry("advice", "wait"));
		Health up = new PsatHealthIndicator(empty, PsatAttestor.of("demo-cluster", () -> token, List.of()), true)
			.health();
		assertThat(up.getStatus()).isEqualTo(Status.UP);
		assertThat(up.getDetails()).containsEntry("tokenState", TokenState.NONE).containsEntry("message", "it rains");
	}

	@Test
	void healthWhenDisabledIsUnknownAndAsksNobody() {
		Health health = new PsatHealthIndicator(() -> {
			throw new IllegalStateException("broken on purpose");
		}, null, false).health();
		assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
		assertThat(health.getDetails()).isEmpty();
	}

	private Health health() {
		try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build()) {
			source.refresh();
			return new PsatHealthIndicator(source).health();
		}
	}

	private static Object expiresAt(String token) {
		return ProjectedToken.parse(token).expiresAt();
	}

	private record BrokenStatus(TokenSource source) implements TokenSource {

		@Override
		public ProjectedToken current() {
			return this.source.current();
		}

		@Override
		public TokenStatus status() {
			throw new IllegalArgumentException(this.source.value());
		}

	}

}
