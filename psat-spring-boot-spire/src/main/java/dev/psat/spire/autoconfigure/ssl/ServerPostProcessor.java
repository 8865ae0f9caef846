package dev.psat.spire.autoconfigure.ssl;

import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * {@link BeanPostProcessor} that servers in child contexts need as well.
 */
interface ServerPostProcessor extends BeanPostProcessor {

}
