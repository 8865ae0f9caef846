package dev.psat.autoconfigure;

import java.time.Duration;
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

	private static final Duration FAIL_FAST_PATIENCE = Duration.ofSeconds(5);

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
		long deadline = System.nanoTime() + FAIL_FAST_PATIENCE.toNanos();
		while (true) {
			try {
				this.defaultSource.current();
				return;
			}
			catch (TokenUnavailableException ex) {
				if (!isStillToBeRead() || System.nanoTime() >= deadline || Thread.currentThread().isInterrupted()) {
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
