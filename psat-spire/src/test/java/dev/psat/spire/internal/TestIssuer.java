package dev.psat.spire.internal;

import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Issues what a test wants it to.
 */
record TestIssuer(Call call, Function<@Nullable Throwable, JwtSvids.Reach> reach,
		Supplier<HeldSvid.Subject> current) implements JwtSvids.Issuer {

	@Override
	public JwtSvids.Issued issue(Set<String> audience, Deadline deadline, Consumer<JwtSvids.Issued> late) {
		return this.call.issue(audience, deadline, late);
	}

	@Override
	public JwtSvids.Reach reach(@Nullable Throwable cause) {
		return this.reach.apply(cause);
	}

	@Override
	public HeldSvid.Subject subject() {
		return this.current.get();
	}

	/**
	 * Answers a request.
	 */
	interface Call {

		JwtSvids.Issued issue(Set<String> audience, Deadline deadline, Consumer<JwtSvids.Issued> late);

	}

}
