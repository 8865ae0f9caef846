package dev.psat.benchmarks.svid;

import java.util.Objects;

import io.spiffe.workloadapi.DefaultX509Source;
import io.spiffe.workloadapi.X509Source;

/**
 * Obtains an X.509-SVID from a SPIRE Agent by java-spiffe, which holds the stream.
 */
public final class FirstJavaSpiffeSvid {

	private FirstJavaSpiffeSvid() {
	}

	/**
	 * Obtain an X.509-SVID, and follow those that replace it.
	 * @param args the endpoint of the Workload API
	 * @throws Exception if there is none
	 */
	public static void main(String[] args) throws Exception {
		// waits for the first one
		X509Source source = DefaultX509Source
			.newSource(DefaultX509Source.X509SourceOptions.builder().spiffeSocketPath(args[0]).build());
		Objects.requireNonNull(source.getX509Svid());
		Ready.tellAndWait();
	}

}
