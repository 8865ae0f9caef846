package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.psat.test.SimulatedKubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class FileTokenSourceTests {

	@TempDir
	Path directory;

	@AutoClose
	SimulatedKubelet kubelet;

	@AutoClose
	TokenSource source;

	@BeforeEach
	void setUp() {
		this.kubelet = SimulatedKubelet.builder().directory(this.directory).build();
		this.source = TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build();
	}

	@Test
	void servesTheTokenInTheFile() {
		assertThat(this.source.value()).isEqualTo(this.kubelet.token());
	}

	@Test
	void noticesARotation() {
		this.source.start();
		String token = this.kubelet.rotate();
		await().atMost(Duration.ofSeconds(2)).until(() -> this.source.value().equals(token));
	}

}
