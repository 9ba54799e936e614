/** Where alerts of each severity go: the address of whatever takes Alertmanager's webhooks, such as a bridge that holds the secrets of a pager. */
export interface Receivers {
  readonly page: string;
  readonly ticket: string;
}

/**
 * Nobody. `.invalid` never resolves (RFC 2606), so that until a fork names its receivers every alert fails loudly in Alertmanager's own log and
 * metrics, instead of being delivered to nobody in silence.
 */
export const placeholderReceivers: Receivers = {
  page: 'http://page.receiver.invalid/',
  ticket: 'http://ticket.receiver.invalid/',
};

/**
 * The configuration of Alertmanager: `page` and `ticket` to their receivers, and those that the chart's own rules use likewise. What has no
 * severity that is known here is a ticket, so nothing is lost. A page about an objective silences the ticket about the same.
 */
export function alertRouting(receivers: Receivers = placeholderReceivers) {
  const grouped = { group_by: ['model', 'alertname'], group_wait: '30s', group_interval: '5m' };
  const receiver = (name: keyof Receivers) => ({
    name,
    webhook_configs: [{ url: receivers[name], send_resolved: true }],
  });
  return {
    route: {
      ...grouped,
      receiver: 'ticket',
      repeat_interval: '1d',
      routes: [
        // The chart's rules hold one alert that always fires and one that only silences others.
        { receiver: 'nobody', matchers: ['alertname=~"Watchdog|InfoInhibitor"'] },
        { receiver: 'page', matchers: ['severity=~"page|critical"'], repeat_interval: '1h' },
        { receiver: 'ticket', matchers: ['severity=~"ticket|warning"'] },
      ],
    },
    inhibit_rules: [
      {
        source_matchers: ['severity="page"', 'slo!=""'],
        target_matchers: ['severity="ticket"', 'slo!=""'],
        equal: ['model', 'slo'],
      },
    ],
    receivers: [receiver('page'), receiver('ticket'), { name: 'nobody' }],
  };
}
