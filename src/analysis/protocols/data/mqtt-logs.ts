// Rows of Zeek's logs of MQTT: connections, publications and subscriptions have one each.

import { flag, number, numbers, text, texts } from '../../../core/index.ts';
import { defineProtocol } from '../protocol.ts';

export const mqttConnect = defineProtocol({
  name: 'mqtt_connect',
  title: 'MQTT connections',
  zeekLog: 'mqtt_connect',
  family: 'data',
  fields: {
    protocol: text('Protocol', { eve: false, zeek: 'proto_name' }),
    version: text('Version', { eve: false, zeek: 'proto_version' }),
    client: text('Client', { eve: false, zeek: 'client_id' }),
    status: text('Status', { eve: false, zeek: 'connect_status' }),
    willTopic: text('Topic of the will', { eve: false, zeek: 'will_topic' }),
    willPayload: text('Will', { eve: false, zeek: 'will_payload' }),
  },
});

export const mqttPublish = defineProtocol({
  name: 'mqtt_publish',
  title: 'MQTT publications',
  zeekLog: 'mqtt_publish',
  family: 'data',
  fields: {
    fromClient: flag('From the client', { eve: false, zeek: 'from_client' }),
    retain: flag('Retained', { eve: false, zeek: 'retain' }),
    qos: text('Quality of service', { eve: false, zeek: 'qos' }),
    status: text('Status', { eve: false, zeek: 'status' }),
    topic: text('Topic', { eve: false, zeek: 'topic' }),
    payload: text('Payload', { eve: false, zeek: 'payload' }),
    payloadBytes: number('Payload', { eve: false, zeek: 'payload_len', unit: 'bytes' }),
  },
});

export const mqttSubscribe = defineProtocol({
  name: 'mqtt_subscribe',
  title: 'MQTT subscriptions',
  zeekLog: 'mqtt_subscribe',
  family: 'data',
  fields: {
    action: text('Action', { eve: false, zeek: 'action' }),
    topics: texts('Topics', { eve: false, zeek: 'topics' }),
    levels: numbers('Qualities asked for', { eve: false, zeek: 'qos_levels' }),
    granted: number('Quality granted', { eve: false, zeek: 'granted_qos_level' }),
    isAcknowledged: flag('Acknowledged', { eve: false, zeek: 'ack' }),
  },
});
