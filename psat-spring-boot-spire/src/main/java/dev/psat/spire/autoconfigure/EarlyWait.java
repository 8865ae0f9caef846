package dev.psat.spire.autoconfigure;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.autoconfigure.SpireProperties.Svid.WaitFor;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.SpringProperties;
import org.springframework.core.log.LogMessage;

/**
 * What every bean that connects depends on. Whoever obtains it first waits for the first
 * X.509-SVID, if the properties say so.
 * <p>
 * The identity itself may be made of beans that connect, such as the {@code DataSource}
 * of an attestor, which cannot wait for it. So this is no bean that waits while it is
 * created, which Spring would refuse as a circle, but a factory that can be asked again
 * in the meantime.
 */
final class EarlyWait implements FactoryBean<EarlyWait.Over> {

	static final String NAME = "spireEarlyWait";

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	private final Supplier<WaitFor> waitFor;

	private final Supplier<StartupWait> waits;

	private final AtomicBoolean waiting = new AtomicBoolean();

	private volatile boolean over;

	private volatile @Nullable PsatStartupException failure;

	/**
	 * Create a wait that has not begun yet. Spring may create factories long before other
	 * beans, to know their type.
	 * @param waitFor supplies for whom to wait
	 * @param waits creates and starts the identity, and supplies what waits for it
	 */
	EarlyWait(Supplier<WaitFor> waitFor, Supplier<StartupWait> waits) {
		this.waitFor = waitFor;
		this.waits = waits;
	}

	/**
	 * Return whether all beans are created now and the life cycle starts later, on
	 * another machine, or never.
	 */
	private static boolean isLifecyclePutOff() {
		return isOnRefresh(DefaultLifecycleProcessor.EXIT_PROPERTY_NAME)
				|| isOnRefresh(DefaultLifecycleProcessor.CHECKPOINT_PROPERTY_NAME);
	}

	private static boolean isOnRefresh(String property) {
		return DefaultLifecycleProcessor.ON_REFRESH_VALUE.equalsIgnoreCase(SpringProperties.getProperty(property));
	}

	/**
	 * Wait, unless it is over. What has failed fails again at once, since the time is up
	 * even if somebody made do without the first bean. Nobody waits while another one
	 * does: whatever is created then belongs to the identity, be it on the thread that
	 * waits or on one of its own.
	 */
	@Override
	public Over getObject() {
		if (!this.over && this.waiting.compareAndSet(false, true)) {
			try {
				await();
			}
			finally {
				this.waiting.set(false);
			}
		}
		return Over.OVER;
	}

	private void await() {
		PsatStartupException failure = this.failure;
		if (failure != null) {
			throw failure;
		}
		if (this.waitFor.get() == WaitFor.ALWAYS && !isLifecyclePutOff()) {
			StartupWait wait = startupWait();
			if (wait == null) {
				return;
			}
			await(wait);
		}
		this.over = true;
	}

	private void await(StartupWait wait) {
		try {
			wait.await();
		}
		catch (PsatStartupException ex) {
			this.failure = ex;
			throw ex;
		}
	}

	/**
	 * Return the wait, {@code null} if the identity needs what is about to be created.
	 */
	private @Nullable StartupWait startupWait() {
		try {
			return this.waits.get();
		}
		catch (BeansException ex) {
			if (!ex.contains(BeanCurrentlyInCreationException.class)) {
				throw ex;
			}
			logger.info(LogMessage.format(
					"A bean with which the application connects is created without waiting for an X.509-SVID, since the SPIRE identity needs what is being created: %s",
					NestedExceptionUtils.getMostSpecificCause(ex).getMessage()));
			return null;
		}
	}

	@Override
	public Class<?> getObjectType() {
		return Over.class;
	}

	@Override
	public boolean isSingleton() {
		return false;
	}

	/**
	 * What is obtained when there is nothing to wait for, or no longer.
	 */
	enum Over {

		OVER

	}

}
