package dev.psat.tlstests.tomcat.storm;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.test.WorkloadFaults;
import dev.psat.spire.test.WorkloadMethod;
import dev.psat.spire.test.WorkloadSvidFault;
import io.grpc.Status;

/**
 * What goes wrong at an agent.
 */
final class AgentFaults {

	/** Without {@code UNIMPLEMENTED}, which is waited out for ten minutes. */
	private static final List<Status> REFUSALS = List.of(Status.UNAVAILABLE, Status.INTERNAL, Status.PERMISSION_DENIED,
			Status.RESOURCE_EXHAUSTED);

	private static final byte[] GARBAGE = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

	private static final int PADDING = 100_000;

	private AgentFaults() {
	}

	static List<Fault> of(SimulatedWorkloadApi agent) {
		WorkloadFaults faults = agent.faults();
		String way = "way to the agent";
		String calls = "calls of the agent";
		String messages = "messages of the agent";
		return List.of(Fault.lasting("agent stopped", way, agent::stop, agent::start),
				Fault.lasting("agent killed", way, agent::kill, agent::start),
				Fault.lasting("agent silent", way, faults::hang, faults::resume),
				Fault.lasting("agent suspended", way, faults::suspend, faults::resume),
				Fault.lasting("something else at the socket", way, () -> {
					faults.garbage(GARBAGE);
					agent.endStreams(Status.UNAVAILABLE);
				}, () -> faults.garbage(null)), Fault.sudden("GOAWAY of the agent", way, agent::goAway),
				new Fault("calls refused by the agent", calls, (random) -> refuse(agent, random)),
				Fault.sudden("streams ended", calls, () -> agent.endStreams(Status.UNAVAILABLE)),
				Fault.lasting("workload unknown", messages, () -> faults.refuse(true), () -> faults.refuse(false)),
				Fault.lasting("messages missing", messages, () -> faults.mute(true), () -> faults.mute(false)),
				Fault.lasting("nothing issued", messages, () -> faults.holdIssuance(true),
						() -> faults.holdIssuance(false)),
				Fault.lasting("agent without JWT-SVIDs", way, () -> {
					faults.jwtProfile(false);
					restart(agent);
				}, () -> {
					faults.jwtProfile(true);
					restart(agent);
				}), new Fault("SVIDs spoiled", messages, (random) -> spoil(faults, random)),
				Fault.lasting("messages large", messages, () -> faults.pad(PADDING), () -> faults.pad(0)),
				Fault.lasting("messages without an end", messages, () -> faults.flood(true), () -> faults.flood(false)),
				Fault.sudden("SVIDs rotated by the agent", messages, agent::rotate),
				Fault.sudden("messages sent again", messages, agent::sendAgain), Fault.sudden("message that is none",
						messages, () -> agent.send(WorkloadMethod.FETCH_X509_SVID, GARBAGE)));
	}

	private static Runnable refuse(SimulatedWorkloadApi agent, Random random) {
		WorkloadMethod method = WorkloadMethod.values()[random.nextInt(WorkloadMethod.values().length)];
		Status status = REFUSALS.get(random.nextInt(REFUSALS.size())).withDescription("storm");
		agent.faults().failAll(method, status);
		agent.endStreams(status);
		return () -> agent.faults().failAll(method, null);
	}

	private static void restart(SimulatedWorkloadApi agent) {
		agent.stop();
		agent.start();
	}

	private static Runnable spoil(WorkloadFaults faults, Random random) {
		faults.spoil(WorkloadSvidFault.values()[random.nextInt(WorkloadSvidFault.values().length)]);
		return () -> faults.spoil(null);
	}

}
