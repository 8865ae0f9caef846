package dev.psat.spire.autoconfigure.ssl.internal;

import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * {@link BeanPostProcessor} that servers in child contexts need as well.
 */
public interface ServerPostProcessor extends BeanPostProcessor {

}
