package dev.psat.spire.workload;

import dev.psat.spire.internal.VisitException;
import dev.psat.spire.workload.client.WorkloadException;
import dev.psat.spire.workload.client.WorkloadFailureReason;

/** In terms of the property, of the mount and of the agent. */
final class WorkloadAdvice {

	private static final String PROPERTY = "'spire.workload-api.socket'";

	private WorkloadAdvice() {
	}

	static VisitException failure(WorkloadException ex) {
		return new VisitException(ex.reason(), ex, of(ex.reason()));
	}

	static String of(WorkloadFailureReason reason) {
		return switch (reason) {
			case SOCKET_MISSING -> "Check that a SPIRE Agent runs on this node, and that " + PROPERTY
					+ " is where its 'socket_path' is mounted. The application tries again.";
			case DIRECTORY_MISSING -> "Mount the directory of the agent's socket into the container, by the SPIFFE CSI "
					+ "driver or as a read-only host path, and set " + PROPERTY + " to the socket in it.";
			case SOCKET_NOT_PERMITTED ->
				"Let the user of this process search every directory that leads to the socket, and write to it: check "
						+ "their modes, the container's 'runAsUser', and SELinux or AppArmor.";
			case NOT_A_SOCKET -> "Set " + PROPERTY + " to the socket itself. If its name was mounted before there was "
					+ "an agent, a directory was made in its place: mount the directory of the socket instead.";
			case NOBODY_LISTENS ->
				"Check that the SPIRE Agent runs. If it does, the socket was mounted alone, and is that "
						+ "of an agent that has been restarted: mount its directory instead.";
			case UNREACHABLE -> "Check the log of the SPIRE Agent. The application tries again.";
			case TIMED_OUT -> "The agent may be overloaded or stopped: check its log. The application tries again.";
			case CANCELLED ->
				"Nothing needs to be done: the call was interrupted, or its connection was closed. The application "
						+ "tries again unless it is being stopped.";
			case PROTOCOL_ERROR -> "Check that " + PROPERTY + " is the socket of a Workload API, such as the one in "
					+ "'socket_path' of agent.conf, and not the agent's 'admin_socket_path' or another service.";
			case INVALID_SVID ->
				"No known SPIRE Agent answers like this: check its log, the plugins of its server for bugs, and, if this "
						+ "is about times, the clock of that server and that of this machine.";
			case INVALID_TRUST_BUNDLE ->
				"No known SPIRE Agent answers like this: check its log, and the plugins of its server for bugs.";
			case NO_IDENTITY ->
				"Create a registration entry whose parent is the agent of this node, and whose selectors this process "
						+ "has: the agent's log names those that it has found. It takes the agent a few seconds to learn "
						+ "of an entry.";
			case UNAVAILABLE ->
				"Check the log of the SPIRE Agent: its workload attestors fail for this process, it limits calls, or "
						+ "it is being started. The application tries again.";
			case UNIMPLEMENTED ->
				"If " + PROPERTY + " is the socket of a Workload API, its agent has this profile of the "
						+ "API switched off. Otherwise, set it to the 'socket_path' of agent.conf.";
			case INVALID_REQUEST ->
				"Check the log of the SPIRE Agent: something between it and this application may " + "change requests.";
			case AGENT_ERROR -> "Check the log of the SPIRE Agent. The application tries again.";
		};
	}

}
