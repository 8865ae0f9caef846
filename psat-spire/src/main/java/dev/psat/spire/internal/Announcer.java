package dev.psat.spire.internal;

import java.util.function.Supplier;

import dev.psat.concurrent.internal.Delivery;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Time;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import org.jspecify.annotations.Nullable;

/**
 * Observers must not keep an identity from going on. If they cannot be woken, because no
 * thread can be created, it remains news for the next time.
 */
public final class Announcer {

	private final Supplier<News> news;

	private final Runnable wake;

	private final RepeatedError repeatedError = new RepeatedError(SpireIdentity.class,
			"Observers of the SPIRE identity could not be notified");

	private News known = News.of(SpireState.STARTING, 0, null, 0);

	public Announcer(Supplier<News> news, Runnable wake) {
		this.news = news;
		this.wake = wake;
	}

	public void announce() {
		try {
			tellNews();
			this.repeatedError.over();
		}
		catch (RuntimeException | Error ex) {
			this.repeatedError.happened(ex);
		}
	}

	private synchronized void tellNews() {
		News news = this.news.get();
		if (!news.equals(this.known)) {
			this.wake.run();
			this.known = news;
		}
	}

	/** What observers of the status are told of. */
	public record News(SpireState state, long svid, long authorities, long federation) {

		private static final SpireStatus NOTHING = SpireStatus.builder(SpireState.STARTING).build();

		public static Delivery<SpireStatus> delivery(Supplier<SpireStatus> status, Time time) {
			return new Delivery<>("psat-spire-events",
					() -> new RepeatedError(SpireIdentity.class, "An observer of the SPIRE identity failed"), NOTHING,
					status, (previous, current) -> !of(previous).equals(of(current)), time);
		}

		public static News of(SpireStatus status) {
			SpireStatus.Svid svid = status.svid();
			return of(status.state(), (svid != null) ? svid.generation() : 0, status.trustBundle(),
					status.federation().stream().mapToLong(SpireStatus.Federation::generation).sum());
		}

		public static News of(SpireState state, long svid, SpireStatus.@Nullable Bundle trustBundle, long federation) {
			return new News(state, svid, (trustBundle != null) ? trustBundle.generation() : 0, federation);
		}

	}

}
