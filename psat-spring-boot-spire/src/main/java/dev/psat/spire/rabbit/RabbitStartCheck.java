package dev.psat.spire.rabbit;

import dev.psat.spire.autoconfigure.data.internal.StartCheck;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.amqp.autoconfigure.RabbitProperties;

/**
 * {@link StartCheck} that creates what tells how to connect to RabbitMQ, so that it is
 * checked even if lazy initialization would never create it.
 */
final class RabbitStartCheck extends StartCheck {

	RabbitStartCheck(ListableBeanFactory beanFactory) {
		super(beanFactory);
	}

	@Override
	protected StartCheck in(ListableBeanFactory beanFactory) {
		return new RabbitStartCheck(beanFactory);
	}

	@Override
	protected void check(ListableBeanFactory beanFactory) {
		beanFactory.getBeansOfType(RabbitProperties.class, false, false);
	}

}
