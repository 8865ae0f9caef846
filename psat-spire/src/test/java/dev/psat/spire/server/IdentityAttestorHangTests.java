package dev.psat.spire.server;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.PsatAttestor;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.test.SpireMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Attestors of the application's own, which do not answer.
 */
@ExtendWith(OutputCaptureExtension.class)
class IdentityAttestorHangTests {

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	@Test
	void attestorThatHangsIsTold(CapturedOutput output) throws Exception {
		this.fixture.serve(this.fixture.workload());
		PsatAttestor attestor = IdentityFixture.attestor(this.fixture.source(this.fixture.pod()));
		CompletableFuture<Void> go = new CompletableFuture<>();
		AtomicInteger payloads = new AtomicInteger();
		SpireIdentity identity = this.fixture.start(this.fixture.builder(() -> {
			payloads.incrementAndGet();
			this.fixture.time().hangStubbornly(go);
			return attestor.payload();
		}));
		this.fixture.awaitReason("TOKEN_UNAVAILABLE");
		assertThat(this.fixture.lastError().message()).startsWith("The attestor has not answered since 2");
		assertThat(this.fixture.lastError().advice()).contains("PsatAttestor");
		assertThat(identity.status().state()).isEqualTo(SpireState.ATTESTING);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(identity::x509Svid)
			.withMessageContaining("The attestor has not answered since")
			.satisfies((ex) -> assertThat(ex.advice()).contains("PsatAttestor"));
		// logged once it is published
		this.fixture.await()
			.untilAsserted(
					() -> assertThat(output.getOut().lines().filter((line) -> line.contains("has not answered since")))
						.singleElement()
						.asString()
						.contains("WARN"));
		identity.stop();
		this.fixture.await()
			.untilAsserted(() -> assertThat(output).contains("Thread psat-spire-attestor has not ended yet"));
		identity.start();
		this.fixture.awaitVisits(1);
		this.fixture.awaitReason("TOKEN_UNAVAILABLE");
		assertThat(payloads).hasValue(1);
		go.complete(null);
		this.fixture.awaitState(SpireState.READY);
		this.fixture.await().until(() -> identity.status().lastError() == null);
		assertThat(payloads).hasValue(2);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	@Test
	void whileAnAttestorHangsItIsNotAskedAgainAndEverythingElseGoesOn() throws IOException {
		this.fixture.serve(this.fixture.workload());
		PsatAttestor attestor = IdentityFixture.attestor(this.fixture.source(this.fixture.pod()));
		CompletableFuture<Void> go = new CompletableFuture<>();
		AtomicInteger payloads = new AtomicInteger();
		this.fixture.ready(this.fixture.builder(() -> {
			if (payloads.incrementAndGet() > 1) {
				this.fixture.time().hangStubbornly(go);
			}
			return attestor.payload();
		}).attestTimeout(Duration.ofSeconds(5)));
		this.fixture.time().pass(Duration.ofMinutes(50));
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		this.fixture.awaitReason("TOKEN_UNAVAILABLE");
		this.fixture.awaitVisits(3);
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.READY);
		go.complete(null);
		this.fixture.await().until(() -> this.fixture.calls(SpireMethod.ATTEST_AGENT) == 2);
		this.fixture.await().until(() -> this.fixture.status().lastError() == null);
		assertThat(payloads).hasValue(3);
	}

}
