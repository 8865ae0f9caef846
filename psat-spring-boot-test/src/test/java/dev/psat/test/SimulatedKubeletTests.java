package dev.psat.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SimulatedKubelet}.
 */
class SimulatedKubeletTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@Test
	void rotateWritesNewToken() throws IOException {
		String first = this.kubelet.token();
		assertThat(this.kubelet.tokenPath()).hasContent(first);
		String second = this.kubelet.rotate();
		assertThat(second).isNotEqualTo(first).isEqualTo(this.kubelet.token());
		assertThat(this.kubelet.tokenPath()).hasContent(second);
	}

	@Test
	void removeTokenLeavesNothingUntilRotation() {
		this.kubelet.removeToken();
		assertThat(this.kubelet.tokenPath()).doesNotExist();
		assertThat(this.kubelet.tokenPath()).hasContent(this.kubelet.rotate());
	}

	@Test
	void subPathNeverRotates() throws IOException {
		Path subPath = this.kubelet.subPath();
		String pinned = this.kubelet.token();
		this.kubelet.rotate();
		assertThat(Files.readString(subPath)).isEqualTo(pinned);
	}

	@Test
	void writeInPlaceEndsWithWholeToken() {
		String token = this.kubelet.writeInPlace(Duration.ofMillis(5));
		assertThat(this.kubelet.tokenPath()).isRegularFile().hasContent(token);
	}

	@Test
	void tearTokenLeavesPartOfSignature() {
		String torn = this.kubelet.tearToken();
		assertThat(this.kubelet.tokenPath()).hasContent(torn);
		assertThat(torn.split("\\.")[2]).hasSize(43);
		assertThat(this.kubelet.tokenPath()).hasContent(this.kubelet.rotate());
	}

	@Test
	void writeShowsAnyContent() {
		this.kubelet.write("x".getBytes(StandardCharsets.US_ASCII));
		assertThat(this.kubelet.tokenPath()).hasContent("x");
	}

}
