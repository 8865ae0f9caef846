package dev.psat.spire.server;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A file system with the trust bundle that does not answer.
 */
@ExtendWith(OutputCaptureExtension.class)
class IdentityBundleHangTests {

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	@Test
	void fileSystemThatDoesNotAnswerIsTold() throws IOException {
		this.fixture.serve(this.fixture.workload());
		HangingPath bundle = this.fixture.hangingBundle();
		bundle.hang();
		SpireIdentity identity = this.fixture.start();
		this.fixture.awaitReason("TRUST_BUNDLE_UNREADABLE");
		assertThat(this.fixture.lastError().message()).startsWith("The file system has not answered since 2")
			.endsWith(this.fixture.bundle().toString());
		assertThat(this.fixture.lastError().advice()).contains("'spire.server.trust-bundle'");
		assertThat(identity.status().state()).isEqualTo(SpireState.ATTESTING);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(identity::trustBundle)
			.withMessageContaining("The file system has not answered since");
		identity.stop();
		Instant told = this.fixture.lastError().at();
		identity.start();
		this.fixture.await().until(() -> this.fixture.lastError().at().isAfter(told));
		assertThat(this.fixture.lastError().reason()).isEqualTo("TRUST_BUNDLE_UNREADABLE");
		assertThat(bundle.opened()).isEqualTo(1);
		bundle.release();
		this.fixture.awaitState(SpireState.READY);
	}

	@Test
	void fileSystemThatDoesNotAnswerAnyLongerKeepsNothingFromGoingOn(CapturedOutput output) throws IOException {
		this.fixture.serve(this.fixture.workload());
		HangingPath bundle = this.fixture.hangingBundle();
		this.fixture.ready();
		bundle.hang();
		int opened = bundle.opened();
		this.fixture.time().pass(Duration.ofMinutes(40));
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		this.fixture.awaitVisits(5);
		assertThat(bundle.opened()).isLessThanOrEqualTo(opened + 1);
		assertThat(this.fixture.status().lastError()).isNull();
		assertThat(output.getOut().lines().filter((line) -> line.contains("has not answered since"))).singleElement()
			.asString()
			.contains("WARN", "a restart will need the file");
		bundle.release();
	}

}
