package dev.psat.spire.workload;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.internal.ServedIdentity;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.workload.client.WorkloadClient;
import dev.psat.spire.workload.client.WorkloadEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Builder for a {@link SpireIdentity} that comes from the Workload API.
 *
 * @since 0.1.0
 */
public final class WorkloadIdentityBuilder {

	private @Nullable WorkloadEndpoint endpoint;

	private @Nullable SpiffeId spiffeId;

	private @Nullable String hint;

	private List<TrustDomain> federatesWith = List.of();

	private Map<String, String> environment = System.getenv();

	private @Nullable Supplier<WorkloadRun.Calls> calls;

	private Time time = Time.ofSystem();

	WorkloadIdentityBuilder() {
	}

	/**
	 * Set where the Workload API is. By default, the environment variable
	 * {@code SPIFFE_ENDPOINT_SOCKET} tells, as the standard demands.
	 * @param endpoint the endpoint
	 * @return this builder
	 */
	public WorkloadIdentityBuilder endpoint(WorkloadEndpoint endpoint) {
		Objects.requireNonNull(endpoint, "'endpoint' must not be null");
		this.endpoint = endpoint;
		return this;
	}

	/**
	 * Set the SPIFFE ID of the X.509-SVID to use if the agent offers several.
	 * @param spiffeId the SPIFFE ID, {@code null} for any
	 * @return this builder
	 */
	public WorkloadIdentityBuilder spiffeId(@Nullable SpiffeId spiffeId) {
		this.spiffeId = spiffeId;
		return this;
	}

	/**
	 * Set the hint of the X.509-SVID to use if the agent offers several.
	 * @param hint the hint, {@code null} for any
	 * @return this builder
	 */
	public WorkloadIdentityBuilder hint(@Nullable String hint) {
		this.hint = hint;
		return this;
	}

	/**
	 * Set with which trust domains to federate. Their workloads are trusted as far as the
	 * agent offers their trust bundles, which it does with whom any of the registration
	 * entries of this application federates. The default is none.
	 * @param federatesWith the trust domains. The own one, which is not known before the
	 * first X.509-SVID, means nothing
	 * @return this builder
	 */
	public WorkloadIdentityBuilder federatesWith(Collection<TrustDomain> federatesWith) {
		Objects.requireNonNull(federatesWith, "'federatesWith' must not be null");
		federatesWith.forEach((each) -> Objects.requireNonNull(each, "'federatesWith' must not contain null elements"));
		this.federatesWith = List.copyOf(new LinkedHashSet<>(federatesWith));
		return this;
	}

	WorkloadIdentityBuilder environment(Map<String, String> environment) {
		this.environment = environment;
		return this;
	}

	WorkloadIdentityBuilder calls(Supplier<WorkloadRun.Calls> calls) {
		this.calls = calls;
		return this;
	}

	WorkloadIdentityBuilder time(Time time) {
		this.time = time;
		return this;
	}

	/**
	 * Build the identity. Nothing is sent before it is started or used.
	 * @return a new identity
	 * @throws IllegalStateException if there is no endpoint, neither set nor in the
	 * environment, or the one in the environment is not valid
	 */
	public SpireIdentity build() {
		WorkloadEndpoint endpoint = (this.endpoint != null) ? this.endpoint : endpointOfEnvironment();
		Time time = this.time;
		Supplier<WorkloadRun.Calls> calls = (this.calls != null) ? this.calls : () -> WorkloadRun.Calls
			.of(WorkloadClient.builder(endpoint).userAgent(ServedIdentity.userAgent()).build());
		return WorkloadIdentity.of(new WorkloadDoor.Settings(endpoint.toString(), calls,
				new SvidPreference(this.spiffeId, this.hint), this.federatesWith, time));
	}

	private WorkloadEndpoint endpointOfEnvironment() {
		WorkloadEndpoint endpoint;
		try {
			endpoint = WorkloadEndpoint.ofEnvironment(this.environment);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalStateException("The environment variable '%s' is not valid: %s"
				.formatted(WorkloadEndpoint.ENVIRONMENT_VARIABLE, ex.getMessage()), ex);
		}
		if (endpoint == null) {
			throw new IllegalStateException("'endpoint' must be set, since the environment variable '%s' is not"
				.formatted(WorkloadEndpoint.ENVIRONMENT_VARIABLE));
		}
		return endpoint;
	}

}
