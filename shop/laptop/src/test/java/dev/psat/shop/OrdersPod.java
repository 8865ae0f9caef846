package dev.psat.shop;

import dev.psat.shop.orders.OrdersApplication;

import org.springframework.boot.SpringApplication;

/**
 * The JVM of the orders.
 */
final class OrdersPod {

	private OrdersPod() {
	}

	public static void main(String[] args) {
		Survival.prevent();
		SpringApplication.from(OrdersApplication::main).with(PodConfiguration.class).run(args);
	}

}
