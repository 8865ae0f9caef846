package dev.psat.spire.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.PeerPolicy;

/**
 * Says for whom a {@link PeerPolicy} bean decides, on its method or its class: either for
 * peers in a direction, where it takes the place of the lists of the properties, or for
 * an SSL bundle of its own. A {@code PeerPolicy} bean that does not say so stops the
 * start, as do two that decide for the same. One that decides for neither has to be
 * declared as {@code @Bean(defaultCandidate = false)}.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface AuthorizesPeers {

	/**
	 * The direction in which the policy decides for the SSL bundle of the properties,
	 * which is named {@code spire} by default. It may be both.
	 * @return the directions, none if there is a {@link #bundle()}
	 */
	Direction[] value() default {};

	/**
	 * The name of a further SSL bundle, which presents the same identity. It is
	 * registered under that name, and the policy decides for it in both directions. It is
	 * a {@link SpiffeSslBundle}, but no bean.
	 * @return the name, empty if there is a direction
	 */
	String bundle() default "";

}
