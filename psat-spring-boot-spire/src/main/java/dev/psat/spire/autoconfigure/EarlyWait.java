package dev.psat.spire.autoconfigure;

import java.util.function.Supplier;

import dev.psat.spire.autoconfigure.SpireProperties.Svid.WaitFor;

import org.springframework.beans.factory.BeanFactoryInitializer;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.SpringProperties;

/**
 * Waits for the first X.509-SVID before beans are created that may connect, if the
 * properties say so. Only what the identity itself is made of is created first.
 */
final class EarlyWait implements BeanFactoryInitializer<ListableBeanFactory> {

	private final Supplier<WaitFor> waitFor;

	private final Supplier<StartupWait> waits;

	/**
	 * Create a wait.
	 * @param waitFor supplies for whom to wait
	 * @param waits creates and starts the identity, and supplies what waits for it
	 */
	EarlyWait(Supplier<WaitFor> waitFor, Supplier<StartupWait> waits) {
		this.waitFor = waitFor;
		this.waits = waits;
	}

	@Override
	public void initialize(ListableBeanFactory beanFactory) {
		if (this.waitFor.get() == WaitFor.ALWAYS && !isLifecyclePutOff()) {
			this.waits.get().await();
		}
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

}
