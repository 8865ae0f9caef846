package dev.psat.autoconfigure;

import java.util.Collection;
import java.util.Collections;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

import dev.psat.token.TokenSource;
import dev.psat.token.TokenStatus;
import dev.psat.token.TokenUnavailableException;

/**
 * Starts and stops every token source of the application.
 */
final class PsatLifecycle implements SmartLifecycle {

	/** Before the web server, whose phase is {@code Integer.MAX_VALUE - 2048}. */
	static final int PHASE = Integer.MAX_VALUE - 3072;

	/**
	 * Each waits half a second for the first look at a file, so that it has five in all.
	 */
	private static final int FAIL_FAST_ATTEMPTS = 10;

	private final ListableBeanFactory beanFactory;

	private final TokenSource defaultSource;

	private final boolean failFast;

	private final TokenEventPublisher eventPublisher;

	private Collection<TokenSource> started = Collections.emptyList();

	private volatile boolean running;

	private boolean listening;

	PsatLifecycle(ListableBeanFactory beanFactory, TokenSource defaultSource, boolean failFast,
			ApplicationEventPublisher publisher) {
		this.beanFactory = beanFactory;
		this.defaultSource = defaultSource;
		this.failFast = failFast;
		this.eventPublisher = new TokenEventPublisher(publisher);
	}

	@Override
	public void start() {
		this.started = this.beanFactory.getBeansOfType(TokenSource.class, false, true).values();
		this.started.forEach(TokenSource::start);
		if (this.failFast) {
			requireToken();
		}
		this.running = true;
		// a source of a parent context is none of ours to start or to listen to
		if (!this.listening && this.started.contains(this.defaultSource)) {
			this.listening = true;
			this.defaultSource.addListener(this.eventPublisher);
		}
	}

	@Override
	public void stop() {
		this.running = false;
		this.started.forEach(TokenSource::stop);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	private void requireToken() {
		for (int attempt = 1; true; attempt++) {
			try {
				this.defaultSource.current();
				return;
			}
			catch (TokenUnavailableException ex) {
				if (attempt == FAIL_FAST_ATTEMPTS || !isStillToBeRead()) {
					throw ex;
				}
			}
		}
	}

	private boolean isStillToBeRead() {
		TokenStatus status = this.defaultSource.status();
		return status.path() != null && status.sourceState() == null;
	}

}
