package dev.psat.spire.jdbc;

import dev.psat.spire.jdbc.internal.LiveBundles;
import dev.psat.spire.ssl.SvidSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;

/**
 * Makes the SSL bundles of the application available to each {@link SpiffeSocketFactory}
 * for as long as the application context lives. Lazy initialization does not put it off.
 */
final class JdbcBundles implements SmartInitializingSingleton, DisposableBean {

	private final ListableBeanFactory beanFactory;

	private final SslBundles bundles;

	private final LiveBundles live;

	/**
	 * Create the bundles and make them available.
	 * @param context the name of the application context
	 * @param beanFactory the bean factory
	 * @param bundles the bundles, {@code null} if there are none
	 */
	JdbcBundles(String context, ListableBeanFactory beanFactory, @Nullable SslBundles bundles) {
		this.beanFactory = beanFactory;
		this.bundles = (bundles != null) ? bundles : new DefaultSslBundleRegistry();
		this.live = LiveBundles.open(context, this.bundles);
	}

	/**
	 * Return the key by which connections find these bundles.
	 * @return the key
	 */
	String key() {
		return this.live.key();
	}

	/**
	 * Find a bundle.
	 * @param name the name
	 * @return the bundle, or {@code null} if there is none of the SPIRE identity
	 */
	@Nullable SvidSslBundle find(String name) {
		return (this.bundles.getBundleNames().contains(name)
				&& this.bundles.getBundle(name) instanceof SvidSslBundle bundle) ? bundle : null;
	}

	/**
	 * Create the beans that tell of a connection, which lazy initialization would leave
	 * to the first use.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		for (String name : this.beanFactory.getBeanNamesForType(ConnectionDetails.class, true, false)) {
			Class<?> type = this.beanFactory.getType(name, false);
			if (type != null && DataSourceSettings.haveUrl(type)) {
				this.beanFactory.getBean(name);
			}
		}
	}

	@Override
	public void destroy() {
		this.live.close();
	}

}
