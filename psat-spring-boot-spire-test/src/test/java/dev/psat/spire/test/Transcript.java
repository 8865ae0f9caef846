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
record Transcript(String directory, JsonNode step) {

	private static final Metadata.Key<byte[]> DETAILS = Metadata.Key.of("grpc-status-details-bin",
			Metadata.BINARY_BYTE_MARSHALLER);

	/**
	 * Return a step.
	 * @param name the name, such as {@code attest} or {@code federation/endpoint}
	 * @return the step
	 */
	static Transcript of(String name) {
		int start = name.indexOf('/') + 1;
		String directory = name.substring(0, start);
		try (InputStream index = resource(directory + "index.json")) {
			return new Transcript(directory,
					new JsonMapper().readTree(index)
						.valueStream()
						.filter((step) -> step.get("name").asString().equals(name.substring(start)))
						.findFirst()
						.orElseThrow());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	byte[] reply() {
		return file("reply");
	}

	byte[] request() {
		return file("request");
	}

	/**
	 * Return the bytes of a file, none if the step has an empty message instead.
	 */
	private byte[] file(String member) {
		return this.step.has(member) ? bytes(this.directory + this.step.get(member).asString()) : new byte[0];
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
