package dev.psat.spire.internal;

import java.util.function.Supplier;

import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;

/**
 * Wakes the observers if there is news. They must not keep an identity from going on. If
 * they cannot be woken, because no thread can be created, it remains news for the next
 * time.
 */
public final class Announcer {

	private final Supplier<News> news;

	private final Runnable wake;

	private final RepeatedError repeatedError = new RepeatedError(SpireIdentity.class,
			"Observers of the SPIRE identity could not be notified");

	private News known = News.of(SpireState.STARTING, 0, null, 0);

	/**
	 * Create an announcer.
	 */
	public Announcer(Supplier<News> news, Runnable wake) {
		this.news = news;
		this.wake = wake;
	}

	/**
	 * Wake the observers if there is news, which the clock alone can bring.
	 */
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

}
