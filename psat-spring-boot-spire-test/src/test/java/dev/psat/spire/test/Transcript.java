package dev.psat.spire.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;

import dev.psat.spire.test.proto.AttestAgentRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One step of what was recorded from a real server.
 */
record Transcript(JsonNode step) {

	private static final Metadata.Key<byte[]> DETAILS = Metadata.Key.of("grpc-status-details-bin",
			Metadata.BINARY_BYTE_MARSHALLER);

	static Transcript of(String name) {
		try (InputStream index = resource("index.json")) {
			return new Transcript(new JsonMapper().readTree(index)
				.valueStream()
				.filter((step) -> step.get("name").asString().equals(name))
				.findFirst()
				.orElseThrow());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	byte[] reply() {
		return bytes(this.step.get("reply").asString());
	}

	byte[] request() {
		return bytes(this.step.get("request").asString());
	}

	AttestAgentRequest attestation() {
		try {
			return AttestAgentRequest.parseFrom(request());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String cluster() {
		return new JsonMapper().readTree(attestation().getParams().getData().getPayload().toByteArray())
			.get("cluster")
			.asString();
	}

	void assertSame(StatusRuntimeException actual) {
		assertThat(actual.getStatus().getCode()).isEqualTo(Status.Code
			.valueOf(this.step.get("code").asString().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase()));
		assertThat(actual.getStatus().getDescription()).isEqualTo(this.step.get("message").asString());
		Metadata trailers = actual.getTrailers();
		assertThat((trailers != null) ? trailers.get(DETAILS) : null).isEqualTo(
				this.step.has("detailsHex") ? HexFormat.of().parseHex(this.step.get("detailsHex").asString()) : null);
	}

	static byte[] bytes(String name) {
		try (InputStream file = resource(name)) {
			return file.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static InputStream resource(String name) {
		InputStream resource = Transcript.class.getResourceAsStream("/transcripts/" + name);
		assertThat(resource).as(name).isNotNull();
		return resource;
	}

}
