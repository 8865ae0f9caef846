package dev.psat.spiffe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.jayway.jsonpath.JsonPath;
import org.jspecify.annotations.Nullable;

/**
 * The calls recorded from a SPIRE Server and a SPIRE Agent 1.15.3. Their certificates
 * have expired since, and have to be checked by the clock of the step.
 */
public final class Transcripts {

	private Transcripts() {
	}

	public static List<Step> steps() {
		return steps("");
	}

	/**
	 * Return the calls that were recorded in a directory.
	 * @param directory the directory, such as {@code federation} or {@code workload}
	 */
	public static List<Step> steps(String directory) {
		String prefix = directory.isEmpty() ? "" : directory + "/";
		List<Map<String, String>> steps = JsonPath
			.parse(new String(bytes(prefix + "index.json"), StandardCharsets.UTF_8))
			.read("$");
		return steps.stream().map((values) -> new Step(prefix, values)).toList();
	}

	public static Step step(String name) {
		return steps().stream().filter((step) -> step.name().equals(name)).findFirst().orElseThrow();
	}

	public static byte[] bytes(String file) {
		try (InputStream in = Transcripts.class.getResourceAsStream("/transcripts/" + file)) {
			return in.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A call and its answer.
	 *
	 * @param prefix the directory of its files
	 * @param values the members as they were recorded
	 */
	public record Step(String prefix, Map<String, String> values) {

		public String name() {
			return value("name");
		}

		public String rpc() {
			return value("rpc");
		}

		public Instant at() {
			return Instant.parse(value("at"));
		}

		/**
		 * Return the code of the status by its name in Go.
		 * @return the code
		 */
		public String code() {
			return value("code");
		}

		public boolean isOk() {
			return code().equals("OK");
		}

		public String message() {
			return this.values.getOrDefault("message", "");
		}

		public byte[] details() {
			return HexFormat.of().parseHex(this.values.getOrDefault("detailsHex", ""));
		}

		public byte[] request() {
			return message(this.values.get("request"));
		}

		public byte[] reply() {
			return message(this.values.get("reply"));
		}

		/**
		 * Return what the server sent on the connection, down to the last byte.
		 * @return the bytes, {@code null} if they were not recorded
		 */
		public byte @Nullable [] server() {
			String file = this.values.get("server");
			return (file != null) ? bytes(this.prefix + file) : null;
		}

		private String value(String member) {
			return Objects.requireNonNull(this.values.get(member), member);
		}

		private byte[] message(@Nullable String file) {
			return (file != null) ? bytes(this.prefix + file) : new byte[0];
		}

		@Override
		public String toString() {
			return name();
		}

	}

}
