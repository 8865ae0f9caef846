package dev.psat.tlstests;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import dev.psat.spire.tls.EndCause;
import dev.psat.support.Torture;

/**
 * How a cause ends, and what ends with it.
 *
 * @param cause the cause
 * @param inFlight whether a call waits for its answer
 * @param post whether it is a POST, as are the calls that follow, or else a GET
 * @param version the TLS version
 * @param http2 whether by HTTP/2
 */
record EndTrial(EndCause cause, boolean inFlight, boolean post, TlsVersion version, boolean http2) {

	/**
	 * Return what to try: all there is with the Maven profile {@code torture}, and each
	 * pair of values in an ordinary build.
	 * @param http2 whether the client speaks HTTP/2
	 */
	static List<EndTrial> of(boolean http2) {
		return Arrays.stream(EndCause.values())
			.flatMap((cause) -> IntStream.range(0, 16)
				.filter((bits) -> Torture.times(0, 1) == 1 || isNeeded(cause, bits))
				.mapToObj((bits) -> new EndTrial(cause, isSet(bits, 0), isSet(bits, 1),
						isSet(bits, 2) ? TlsVersion.TLS_1_2 : TlsVersion.TLS_1_3, isSet(bits, 3) && http2)))
			.distinct()
			.toList();
	}

	/**
	 * Return whether eight trials that have each pair of values contain this one.
	 */
	private static boolean isNeeded(EndCause cause, int bits) {
		boolean low = isSet(cause.ordinal(), 0);
		boolean high = isSet(cause.ordinal(), 1);
		return isSet(bits, 1) == (isSet(bits, 0) ^ low) && isSet(bits, 2) == (isSet(bits, 0) ^ high)
				&& isSet(bits, 3) == (isSet(bits, 0) ^ low ^ high);
	}

	private static boolean isSet(int bits, int bit) {
		return (bits >> bit & 1) != 0;
	}

	@Override
	public String toString() {
		return "%s ends %s by %s over %s%s".formatted(this.cause, this.inFlight ? "a call in flight" : "what is kept",
				this.post ? "POST" : "GET", this.http2 ? "HTTP/2 and " : "", this.version);
	}

}
