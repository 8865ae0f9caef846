package dev.psat.spire.autoconfigure;

import dev.psat.spire.autoconfigure.SpireProperties.Svid.WaitFor;

import org.springframework.beans.factory.BeanFactoryInitializer;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.Environment;

/**
 * Waits for the first X.509-SVID before beans are created that may connect, if the
 * properties say so. Only then, what the identity is made of is created first.
 */
final class EarlyWait implements BeanFactoryInitializer<ListableBeanFactory> {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	EarlyWait(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	@Override
	public void initialize(ListableBeanFactory any) {
		WaitFor waitFor = Binder.get(this.environment)
			.bind("spire.svid.wait-for", WaitFor.class)
			.orElse(WaitFor.SERVERS);
		if (waitFor == WaitFor.ALWAYS && !isLifecyclePutOff()) {
			await();
		}
	}

	private void await() {
		SpireLifecycle.TheIdentity identity = SpireLifecycle.TheIdentity.in(this.beanFactory);
		StartupWait wait = StartupWait.of(identity.bean(), this.beanFactory.getBean(Wiring.class).own(),
				this.beanFactory.getBean(SpireProperties.class), this.environment, SvidNeed::toConnect);
		if (identity.ofThisContext()) {
			identity.bean().start();
		}
		wait.await();
	}

	/** The life cycle starts later, on another machine, or never. */
	private static boolean isLifecyclePutOff() {
		return isOnRefresh(DefaultLifecycleProcessor.EXIT_PROPERTY_NAME)
				|| isOnRefresh(DefaultLifecycleProcessor.CHECKPOINT_PROPERTY_NAME);
	}

	private static boolean isOnRefresh(String property) {
		return DefaultLifecycleProcessor.ON_REFRESH_VALUE.equalsIgnoreCase(SpringProperties.getProperty(property));
	}

}
