package dev.psat.spire.workload;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.workload.client.WorkloadClient;
import dev.psat.spire.workload.client.WorkloadJwtSvid;
import dev.psat.spire.workload.client.WorkloadX509Update;

/**
 * What an identity calls of the Workload API, as {@link WorkloadClient} has it.
 */
interface WorkloadCalls extends AutoCloseable {

	void followX509(Consumer<WorkloadX509Update> listener);

	void followJwtAuthorities(Consumer<Map<TrustDomain, TrustBundle>> listener);

	List<WorkloadJwtSvid> jwtSvids(Collection<String> audience, SpiffeId spiffeId, Duration timeout);

	@Override
	void close();

	static WorkloadCalls of(WorkloadClient client) {
		return new WorkloadCalls() {

			@Override
			public void followX509(Consumer<WorkloadX509Update> listener) {
				client.followX509(listener);
			}

			@Override
			public void followJwtAuthorities(Consumer<Map<TrustDomain, TrustBundle>> listener) {
				client.followJwtAuthorities(listener);
			}

			@Override
			public List<WorkloadJwtSvid> jwtSvids(Collection<String> audience, SpiffeId spiffeId, Duration timeout) {
				return client.jwtSvids(audience, spiffeId, timeout);
			}

			@Override
			public void close() {
				client.close();
			}

		};
	}

}
