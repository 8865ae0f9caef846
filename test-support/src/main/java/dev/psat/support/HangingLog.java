package dev.psat.support;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import static org.awaitility.Awaitility.await;

/**
 * A log in which each line with a given text hangs, until this is closed.
 */
public final class HangingLog implements AutoCloseable {

	private static final Duration LONGEST = Patience.LIMIT;

	private final CountDownLatch hanging = new CountDownLatch(1);

	private final CountDownLatch released = new CountDownLatch(1);

	private final Logger logger;

	private final @Nullable Level level;

	private final AppenderBase<ILoggingEvent> appender;

	public HangingLog(String logger, String text) {
		this.logger = (Logger) LoggerFactory.getLogger(logger);
		this.level = this.logger.getLevel();
		this.logger.setLevel(Level.DEBUG);
		this.appender = new AppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				if (event.getFormattedMessage().contains(text)) {
					hang();
				}
			}

		};
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	private void hang() {
		this.hanging.countDown();
		try {
			if (!this.released.await(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
				throw new IllegalStateException("The log has hung for too long");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Wait until a line hangs.
	 */
	public void awaitHanging() {
		await().until(() -> this.hanging.getCount() == 0);
	}

	@Override
	public void close() {
		this.released.countDown();
		this.logger.detachAppender(this.appender);
		this.logger.setLevel(this.level);
	}

}
