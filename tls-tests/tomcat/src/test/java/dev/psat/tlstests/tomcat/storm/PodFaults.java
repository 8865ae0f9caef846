package dev.psat.tlstests.tomcat.storm;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.psat.test.SimulatedKubelet;

/**
 * What goes wrong with the token of a pod, and with the agent that the member in it is
 * for its server.
 */
final class PodFaults {

	private static final Duration IN_PLACE = Duration.ofMillis(300);

	private PodFaults() {
	}

	static List<Fault> of(SimulatedKubelet kubelet, Member member) {
		return Stream.of(fault("token gone", kubelet, member, kubelet::removeToken),
				fault("token torn", kubelet, member, kubelet::tearToken),
				fault("token expired", kubelet, member, kubelet::rotateExpired),
				fault("token not valid yet", kubelet, member, () -> kubelet.rotateNotYetValid(Duration.ofHours(1))),
				fault("token for somebody else", kubelet, member, () -> kubelet.rotateWithAudience("somebody")),
				fault("token that is none", kubelet, member,
						() -> kubelet.write("no token".getBytes(StandardCharsets.US_ASCII))),
				fault("token written in place", kubelet, member, () -> kubelet.writeInPlace(IN_PLACE)),
				fault("token rotated", kubelet, member, kubelet::rotate),
				Fault.lasting("agent banned", "life of " + member, member::ban, () -> {
					// it only looks again every ten minutes, so it is restarted
					member.evict();
					member.revisit();
				}))
			.toList();
	}

	/**
	 * A token is only read for an attestation, so there has to be one.
	 */
	private static Fault fault(String name, SimulatedKubelet kubelet, Member member, Runnable begin) {
		return Fault.lasting(name, "token of " + member, () -> {
			begin.run();
			member.evict();
		}, kubelet::rotate);
	}

}
