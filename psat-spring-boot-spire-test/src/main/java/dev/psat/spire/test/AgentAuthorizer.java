package dev.psat.spire.test;

import java.security.cert.X509Certificate;
import java.time.Clock;

import dev.psat.spire.test.SimulatedAgents.AgentRecord;
import dev.psat.spire.test.proto.PermissionDeniedDetails.Reason;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Denies calls that need an agent to everyone without an active agent SVID. Source:
 * {@code endpoints/middleware.go}, {@code authpolicy/policy_data.json}. The transcripts
 * {@code entries-evicted}, {@code banned-entries-after} and {@code deleted-entries-after}
 * prove message and details. The answers to an expired agent SVID on an open connection,
 * and to a caller without a certificate, were seen on a real server. That no policy
 * before release 1.14.3 includes {@code PostStatus} is modelled on source, not on a run.
 */
final class AgentAuthorizer implements ServerInterceptor {

	private final SpireRelease release;

	private final Clock clock;

	private final SimulatedAgents agents;

	AgentAuthorizer(SpireRelease release, Clock clock, SimulatedAgents agents) {
		this.release = release;
		this.clock = clock;
		this.agents = agents;
	}

	@Override
	public <R, A> Listener<R> interceptCall(ServerCall<R, A> call, Metadata headers, ServerCallHandler<R, A> next) {
		String name = call.getMethodDescriptor().getFullMethodName();
		SpireMethod method = SpireMethod.of(name);
		if (method.isAgentNeeded()) {
			String message = "authorization denied for method /" + name;
			StatusRuntimeException denial = isAllowed(method) ? denial(message, Caller.KEY.get())
					: Statuses.of(Status.Code.PERMISSION_DENIED, message);
			if (denial != null) {
				Metadata trailers = denial.getTrailers();
				call.close(denial.getStatus(), (trailers != null) ? trailers : new Metadata());
				return new Listener<>() {
				};
			}
		}
		return next.startCall(call, headers);
	}

	private boolean isAllowed(SpireMethod method) {
		return method != SpireMethod.POST_STATUS || this.release.allowsPostStatus();
	}

	private @Nullable StatusRuntimeException denial(String message, Caller caller) {
		X509Certificate svid = caller.svid();
		String id = caller.spiffeId();
		if (svid == null || id == null) {
			return Statuses.of(Status.Code.PERMISSION_DENIED, message);
		}
		Reason reason = reason(svid, this.agents.find(id));
		return (reason != null) ? Statuses.denied(message, reason) : null;
	}

	private @Nullable Reason reason(X509Certificate svid, @Nullable AgentRecord agent) {
		if (this.clock.instant().isAfter(svid.getNotAfter().toInstant())) {
			return Reason.AGENT_EXPIRED;
		}
		if (agent == null) {
			return Reason.AGENT_NOT_ATTESTED;
		}
		if (agent.serialNumber() == null) {
			return Reason.AGENT_BANNED;
		}
		return agent.serialNumber().equals(svid.getSerialNumber()) ? null : Reason.AGENT_NOT_ACTIVE;
	}

}
