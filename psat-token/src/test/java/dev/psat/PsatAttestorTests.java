package dev.psat;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.test.SimulatedKubelet;
import dev.psat.token.ProjectedToken;
import dev.psat.token.SourceState;
import dev.psat.token.TokenClaims;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;
import dev.psat.token.TokenUnavailableException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PsatAttestor} and {@link AttestationPayload}.
 */
class PsatAttestorTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@AutoClose
	private final TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build();

	private final PsatAttestor attestor = PsatAttestor.of("demo-cluster", this.source, List.of("spire-server"));

	@Test
	void payloadHoldsClusterAndToken() {
		AttestationPayload payload = this.attestor.payload();
		ProjectedToken token = ProjectedToken.parse(this.kubelet.token());
		assertThat(payload.type()).isEqualTo("k8s_psat");
		assertThat(payload.cluster()).isEqualTo("demo-cluster");
		assertThat(payload.fingerprint()).isEqualTo(token.fingerprint());
		assertThat(payload.expiresAt()).isEqualTo(token.expiresAt());
		assertThat(payload.claims()).isEqualTo(token.claims()).isNotEqualTo(TokenClaims.NONE);
		assertThat(new String(payload.toBytes(), StandardCharsets.UTF_8))
			.isEqualTo("{\"cluster\":\"demo-cluster\",\"token\":\"%s\"}", this.kubelet.token());
	}

	@Test
	void payloadIsMadeOnceForEachToken() {
		this.source.start();
		AttestationPayload first = this.attestor.payload();
		assertThat(this.attestor.payload()).isSameAs(first);
		String token = this.kubelet.rotate();
		await().untilAsserted(() -> assertThat(new String(this.attestor.payload().toBytes(), StandardCharsets.UTF_8))
			.contains(token));
		assertThat(new String(first.toBytes(), StandardCharsets.UTF_8)).doesNotContain(token);
	}

	@Test
	void bytesAreACopy() {
		AttestationPayload payload = this.attestor.payload();
		payload.toBytes()[0] = 'x';
		assertThat(payload.toBytes()[0]).isEqualTo((byte) '{');
	}

	@Test
	void textShowsNoPartOfTheToken() {
		AttestationPayload payload = this.attestor.payload();
		assertThat(payload.toString()).isEqualTo(
				"AttestationPayload[type=k8s_psat, cluster=demo-cluster, fingerprint=%s, expiresAt=%s]",
				payload.fingerprint(), payload.expiresAt());
	}

	@Test
	void tokenForSomebodyElseIsRefusedWhateverTheSource() {
		String token = this.kubelet.rotateWithAudience("vault");
		AtomicInteger questions = new AtomicInteger();
		PsatAttestor attestor = PsatAttestor.of("demo-cluster", () -> {
			questions.incrementAndGet();
			return ProjectedToken.parse(token);
		}, List.of("spire-server", "other"));
		assertThatExceptionOfType(TokenUnavailableException.class).isThrownBy(attestor::payload).satisfies((ex) -> {
			assertThat(ex.sourceState()).isEqualTo(SourceState.WRONG_AUDIENCE);
			assertThat(ex.tokenState()).isEqualTo(TokenState.VALID);
			assertThat(ex.getMessage()).contains("spire-server", "other");
			assertThat(ex.advice()).isNotBlank();
			assertThat(ex.toString()).contains(ex.advice());
		});
		assertThat(questions).hasPositiveValue();
		assertThat(
				PsatAttestor.of("demo-cluster", () -> ProjectedToken.parse(token), Collections.emptyList()).payload())
			.isNotNull();
	}

	@Test
	void sourceWithoutTokenSaysWhy() {
		this.kubelet.removeToken();
		try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).build()) {
			assertThatExceptionOfType(TokenUnavailableException.class)
				.isThrownBy(PsatAttestor.of("demo-cluster", source, Collections.emptyList())::payload)
				.satisfies((ex) -> assertThat(ex.sourceState()).isEqualTo(SourceState.MISSING));
		}
	}

	@Test
	void refusalIsWhatPayloadThrows() {
		this.source.refresh();
		assertThat(this.attestor.refusal()).isNull();
		for (Runnable misdeed : List.<Runnable>of(() -> this.kubelet.rotateWithAudience("vault"),
				this.kubelet::rotateExpired)) {
			misdeed.run();
			try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).build()) {
				PsatAttestor attestor = PsatAttestor.of("demo-cluster", source, List.of("spire-server"));
				source.refresh();
				TokenUnavailableException refusal = Objects.requireNonNull(attestor.refusal());
				assertThatExceptionOfType(TokenUnavailableException.class).isThrownBy(attestor::payload)
					.satisfies((ex) -> assertThat(ex.tokenState()).isEqualTo(refusal.tokenState()))
					.satisfies((ex) -> assertThat(ex.sourceState()).isEqualTo(refusal.sourceState()))
					.satisfies((ex) -> assertThat(ex.advice()).isEqualTo(refusal.advice()))
					.satisfies((ex) -> assertThat(ex.getMessage()).endsWith(refusal.getMessage()));
			}
		}
	}

	@Test
	void refusalAsksSourceForStatusAlone() {
		AtomicInteger questions = new AtomicInteger();
		TokenStatus status = this.source.refresh();
		TokenSource counting = new TokenSource() {

			@Override
			public ProjectedToken current() {
				questions.incrementAndGet();
				return PsatAttestorTests.this.source.current();
			}

			@Override
			public TokenStatus status() {
				return status;
			}

		};
		assertThat(PsatAttestor.of("demo-cluster", counting, List.of("spire-server")).refusal()).isNull();
		assertThat(PsatAttestor.of("demo-cluster", counting, List.of("vault")).refusal()).isNotNull();
		assertThat(questions).hasValue(0);
	}

	@Test
	void refusalOfAnAttestorOfYourOwnIsWhatPayloadThrows() {
		TokenUnavailableException none = new TokenUnavailableException("it rains", TokenState.NONE, null, "wait");
		PsatAttestor refusing = () -> {
			throw none;
		};
		assertThat(refusing.refusal()).isSameAs(none);
		AttestationPayload payload = this.attestor.payload();
		PsatAttestor answering = () -> payload;
		assertThat(answering.refusal()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b", "/a", "a/", "a//b", ".", "..", "a/.", "a/../b", "a<b", "\u00e9" })
	void clusterThatCannotBeOneIsRefused(String cluster) {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.token());
		assertThatIllegalArgumentException().isThrownBy(() -> AttestationPayload.of(cluster, token));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> PsatAttestor.of(cluster, this.source, Collections.emptyList()));
	}

	@ParameterizedTest
	@ValueSource(ints = { 128, 20_000 })
	void clusterOfTooManySegmentsIsRefusedForItsLength(int segments) {
		String cluster = String.join("/", Collections.nCopies(segments, "a"));
		ProjectedToken token = ProjectedToken.parse(this.kubelet.token());
		assertThat(AttestationPayload.of(cluster.substring(0, 255), token).cluster()).hasSize(255);
		assertThatIllegalArgumentException().isThrownBy(() -> AttestationPayload.of(cluster + "b", token))
			.withMessage("The name of a cluster must not be longer than 255 characters, but this one has %d.",
					2 * segments);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "demo-cluster", "eu/west.1/a_b", "...", "a..b", ".a" })
	void clusterOfLettersDigitsAndSegmentsIsTaken(String cluster) {
		assertThat(AttestationPayload.of(cluster, ProjectedToken.parse(this.kubelet.token())).cluster())
			.isEqualTo(cluster);
	}

}
