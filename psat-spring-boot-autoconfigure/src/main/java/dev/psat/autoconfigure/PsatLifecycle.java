package dev.psat.autoconfigure;

import java.util.Collections;
import java.util.Map;

import dev.psat.PsatAttestor;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenUnavailableException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.log.LogMessage;

final class PsatLifecycle implements SmartLifecycle {

	/** Before the web server, whose phase is {@code Integer.MAX_VALUE - 2048}. */
	static final int PHASE = Integer.MAX_VALUE - 3072;

	/** Each attempt waits half a second for the first look at a file, so five in all. */
	private static final int FAIL_FAST_ATTEMPTS = 10;

	private static final Log logger = LogFactory.getLog(PsatLifecycle.class);

	private final ListableBeanFactory beanFactory;

	private final TokenSource defaultSource;

	private final PsatAttestor attestor;

	private final boolean failFast;

	private final @Nullable TokenEventPublisher eventPublisher;

	private Map<String, TokenSource> sources = Collections.emptyMap();

	private volatile boolean running;

	private boolean listening;

	PsatLifecycle(ListableBeanFactory beanFactory, TokenSource defaultSource, PsatAttestor attestor, boolean failFast,
			@Nullable TokenEventPublisher eventPublisher) {
		this.beanFactory = beanFactory;
		this.defaultSource = defaultSource;
		this.attestor = attestor;
		this.failFast = failFast;
		this.eventPublisher = eventPublisher;
	}

	@Override
	public void start() {
		this.sources = this.beanFactory.getBeansOfType(TokenSource.class, false, true);
		try {
			for (TokenSource source : this.sources.values()) {
				source.start();
			}
			if (this.failFast) {
				requirePayload();
			}
		}
		catch (RuntimeException | Error ex) {
			// stop() is not called unless this is running
			stopSources();
			throw ex;
		}
		this.running = true;
		// a source of a parent context is not ours to start or to listen to
		if (this.eventPublisher != null && !this.listening && this.sources.containsValue(this.defaultSource)) {
			this.listening = true;
			this.defaultSource.addListener(this.eventPublisher);
		}
	}

	@Override
	public void stop() {
		this.running = false;
		stopSources();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * Stops all of them, even if one fails. Only the type of its exception is logged,
	 * since the message of a custom source could contain anything.
	 */
	private void stopSources() {
		this.sources.forEach((name, source) -> {
			try {
				source.stop();
			}
			catch (RuntimeException | Error ex) {
				logger.warn(LogMessage.format("The token source '%s' could not be stopped: %s", name,
						ex.getClass().getName()));
			}
		});
	}

	/**
	 * Requests what the application will request, whatever the attestor creates it from.
	 */
	private void requirePayload() {
		for (int attempt = 1; true; attempt++) {
			try {
				this.attestor.payload();
				return;
			}
			catch (TokenUnavailableException ex) {
				if (attempt == FAIL_FAST_ATTEMPTS || !isStillToBeRead(ex)) {
					throw ex;
				}
			}
		}
	}

	private static boolean isStillToBeRead(TokenUnavailableException ex) {
		return ex.path() != null && ex.sourceState() == null;
	}

}
