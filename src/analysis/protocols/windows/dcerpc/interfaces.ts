// Interfaces of Windows that are reached by DCE/RPC, by UUID, with their operations in the order of their numbers
// (MS-SCMR, MS-SAMR, MS-LSAD, MS-SRVS, MS-WKST, MS-RRP, MS-NRPC, MS-DRSR, MS-TSCH, MS-RPRN, MS-EFSR, MS-DCOM and others).
// `-` stands for a number that is not used on the wire, `*7` goes on at number 7.

interface Interface {
  readonly name: string;
  readonly operations: readonly string[];
}

const table: Readonly<Record<string, readonly [name: string, operations: string]>> = {
  '367abb81-9844-35f1-ad32-98f038001003': [
    'svcctl',
    'CloseServiceHandle ControlService DeleteService LockServiceDatabase QueryServiceObjectSecurity SetServiceObjectSecurity QueryServiceStatus SetServiceStatus UnlockServiceDatabase NotifyBootConfigStatus SCSetServiceBitsW ChangeServiceConfigW CreateServiceW EnumDependentServicesW EnumServicesStatusW OpenSCManagerW OpenServiceW QueryServiceConfigW QueryServiceLockStatusW StartServiceW GetServiceDisplayNameW GetServiceKeyNameW SCSetServiceBitsA ChangeServiceConfigA CreateServiceA EnumDependentServicesA EnumServicesStatusA OpenSCManagerA OpenServiceA QueryServiceConfigA QueryServiceLockStatusA StartServiceA GetServiceDisplayNameA GetServiceKeyNameA ScGetCurrentGroupStateW EnumServiceGroupW ChangeServiceConfig2A ChangeServiceConfig2W QueryServiceConfig2A QueryServiceConfig2W QueryServiceStatusEx EnumServicesStatusExA EnumServicesStatusExW ScSendTSMessage CreateServiceWOW64A CreateServiceWOW64W ScQueryServiceTagInfo NotifyServiceStatusChange GetNotifyResults CloseNotifyHandle ControlServiceExA ControlServiceExW *56 QueryServiceConfigEx *60 CreateWowService',
  ],
  '1ff70682-0a51-30e8-076d-740be8cee98b': ['atsvc', 'NetrJobAdd NetrJobDel NetrJobEnum NetrJobGetInfo'],
  '86d35949-83c9-4044-b424-db363231fd0c': [
    'ITaskSchedulerService',
    'SchRpcHighestVersion SchRpcRegisterTask SchRpcRetrieveTask SchRpcCreateFolder SchRpcSetSecurity SchRpcGetSecurity SchRpcEnumFolders SchRpcEnumTasks SchRpcEnumInstances SchRpcGetInstanceInfo SchRpcStopInstance SchRpcStop SchRpcRun SchRpcDelete SchRpcRename SchRpcScheduledRuntimes SchRpcGetLastRunInfo SchRpcGetTaskInfo SchRpcGetNumberOfMissedRuns SchRpcEnableTask',
  ],
  '378e52b0-c0a9-11cf-822d-00aa0051e40f': [
    'sasec',
    'SASetAccountInformation SASetNSAccountInformation SAGetNSAccountInformation SAGetAccountInformation',
  ],
  '12345778-1234-abcd-ef00-0123456789ac': [
    'samr',
    'SamrConnect SamrCloseHandle SamrSetSecurityObject SamrQuerySecurityObject SamrShutdownSamServer SamrLookupDomainInSamServer SamrEnumerateDomainsInSamServer SamrOpenDomain SamrQueryInformationDomain SamrSetInformationDomain SamrCreateGroupInDomain SamrEnumerateGroupsInDomain SamrCreateUserInDomain SamrEnumerateUsersInDomain SamrCreateAliasInDomain SamrEnumerateAliasesInDomain SamrGetAliasMembership SamrLookupNamesInDomain SamrLookupIdsInDomain SamrOpenGroup SamrQueryInformationGroup SamrSetInformationGroup SamrAddMemberToGroup SamrDeleteGroup SamrRemoveMemberFromGroup SamrGetMembersInGroup SamrSetMemberAttributesOfGroup SamrOpenAlias SamrQueryInformationAlias SamrSetInformationAlias SamrDeleteAlias SamrAddMemberToAlias SamrRemoveMemberFromAlias SamrGetMembersInAlias SamrOpenUser SamrDeleteUser SamrQueryInformationUser SamrSetInformationUser SamrChangePasswordUser SamrGetGroupsForUser SamrQueryDisplayInformation SamrGetDisplayEnumerationIndex SamrTestPrivateFunctionsDomain SamrTestPrivateFunctionsUser SamrGetUserDomainPasswordInformation SamrRemoveMemberFromForeignDomain SamrQueryInformationDomain2 SamrQueryInformationUser2 SamrQueryDisplayInformation2 SamrGetDisplayEnumerationIndex2 SamrCreateUser2InDomain SamrQueryDisplayInformation3 SamrAddMultipleMembersToAlias SamrRemoveMultipleMembersFromAlias SamrOemChangePasswordUser2 SamrUnicodeChangePasswordUser2 SamrGetDomainPasswordInformation SamrConnect2 SamrSetInformationUser2 SamrSetBootKeyInformation SamrGetBootKeyInformation SamrConnect3 SamrConnect4 SamrUnicodeChangePasswordUser3 SamrConnect5 SamrRidToSid SamrSetDSRMPassword SamrValidatePassword *73 SamrUnicodeChangePasswordUser4',
  ],
  '12345778-1234-abcd-ef00-0123456789ab': [
    'lsarpc',
    'LsarClose LsarDelete LsarEnumeratePrivileges LsarQuerySecurityObject LsarSetSecurityObject LsarChangePassword LsarOpenPolicy LsarQueryInformationPolicy LsarSetInformationPolicy LsarClearAuditLog LsarCreateAccount LsarEnumerateAccounts LsarCreateTrustedDomain LsarEnumerateTrustedDomains LsarLookupNames LsarLookupSids LsarCreateSecret LsarOpenAccount LsarEnumeratePrivilegesAccount LsarAddPrivilegesToAccount LsarRemovePrivilegesFromAccount LsarGetQuotasForAccount LsarSetQuotasForAccount LsarGetSystemAccessAccount LsarSetSystemAccessAccount LsarOpenTrustedDomain LsarQueryInfoTrustedDomain LsarSetInformationTrustedDomain LsarOpenSecret LsarSetSecret LsarQuerySecret LsarLookupPrivilegeValue LsarLookupPrivilegeName LsarLookupPrivilegeDisplayName LsarDeleteObject LsarEnumerateAccountsWithUserRight LsarEnumerateAccountRights LsarAddAccountRights LsarRemoveAccountRights LsarQueryTrustedDomainInfo LsarSetTrustedDomainInfo LsarDeleteTrustedDomain LsarStorePrivateData LsarRetrievePrivateData LsarOpenPolicy2 LsarGetUserName LsarQueryInformationPolicy2 LsarSetInformationPolicy2 LsarQueryTrustedDomainInfoByName LsarSetTrustedDomainInfoByName LsarEnumerateTrustedDomainsEx LsarCreateTrustedDomainEx LsarCloseTrustedDomainEx LsarQueryDomainInformationPolicy LsarSetDomainInformationPolicy LsarOpenTrustedDomainByName LsarTestCall LsarLookupSids2 LsarLookupNames2 LsarCreateTrustedDomainEx2 *68 LsarLookupNames3 *73 LsarQueryForestTrustInformation LsarSetForestTrustInformation *76 LsarLookupSids3 LsarLookupNames4',
  ],
  '4b324fc8-1670-01d3-1278-5a47bf6ee188': [
    'srvsvc',
    'NetrCharDevEnum NetrCharDevGetInfo NetrCharDevControl NetrCharDevQEnum NetrCharDevQGetInfo NetrCharDevQSetInfo NetrCharDevQPurge NetrCharDevQPurgeSelf NetrConnectionEnum NetrFileEnum NetrFileGetInfo NetrFileClose NetrSessionEnum NetrSessionDel NetrShareAdd NetrShareEnum NetrShareGetInfo NetrShareSetInfo NetrShareDel NetrShareDelSticky NetrShareCheck NetrServerGetInfo NetrServerSetInfo NetrServerDiskEnum NetrServerStatisticsGet NetrServerTransportAdd NetrServerTransportEnum NetrServerTransportDel NetrRemoteTOD NetrServerSetServiceBits NetprPathType NetprPathCanonicalize NetprPathCompare NetprNameValidate NetprNameCanonicalize NetprNameCompare NetrShareEnumSticky NetrShareDelStart NetrShareDelCommit NetrpGetFileSecurity NetrpSetFileSecurity NetrServerTransportAddEx NetrServerSetServiceBitsEx NetrDfsGetVersion NetrDfsCreateLocalPartition NetrDfsDeleteLocalPartition NetrDfsSetLocalVolumeState NetrDfsSetServerInfo NetrDfsCreateExitPoint NetrDfsDeleteExitPoint NetrDfsModifyPrefix NetrDfsFixLocalVolume NetrDfsManagerReportSiteInfo NetrServerTransportDelEx NetrServerAliasAdd NetrServerAliasEnum NetrServerAliasDel NetrShareDelEx',
  ],
  '6bffd098-a112-3610-9833-46c3f87e345a': [
    'wkssvc',
    'NetrWkstaGetInfo NetrWkstaSetInfo NetrWkstaUserEnum NetrWkstaUserGetInfo NetrWkstaUserSetInfo NetrWkstaTransportEnum NetrWkstaTransportAdd NetrWkstaTransportDel NetrUseAdd NetrUseGetInfo NetrUseDel NetrUseEnum NetrMessageBufferSend NetrWorkstationStatisticsGet NetrLogonDomainNameAdd NetrLogonDomainNameDel NetrJoinDomain NetrUnjoinDomain NetrRenameMachineInDomain NetrValidateName NetrGetJoinInformation NetrGetJoinableOUs NetrJoinDomain2 NetrUnjoinDomain2 NetrRenameMachineInDomain2 NetrValidateName2 NetrGetJoinableOUs2 NetrAddAlternateComputerName NetrRemoveAlternateComputerName NetrSetPrimaryComputerName NetrEnumerateComputerNames',
  ],
  '338cd001-2244-31f1-aaaa-900038001003': [
    'winreg',
    'OpenClassesRoot OpenCurrentUser OpenLocalMachine OpenPerformanceData OpenUsers BaseRegCloseKey BaseRegCreateKey BaseRegDeleteKey BaseRegDeleteValue BaseRegEnumKey BaseRegEnumValue BaseRegFlushKey BaseRegGetKeySecurity BaseRegLoadKey BaseRegNotifyChangeKeyValue BaseRegOpenKey BaseRegQueryInfoKey BaseRegQueryValue BaseRegReplaceKey BaseRegRestoreKey BaseRegSaveKey BaseRegSetKeySecurity BaseRegSetValue BaseRegUnLoadKey BaseInitiateSystemShutdown BaseAbortSystemShutdown BaseRegGetVersion OpenCurrentConfig OpenDynData BaseRegQueryMultipleValues BaseInitiateSystemShutdownEx BaseRegSaveKeyEx OpenPerformanceText OpenPerformanceNlsText BaseRegQueryMultipleValues2 BaseRegDeleteKeyEx',
  ],
  'e1af8308-5d1f-11c9-91a4-08002b14a0fa': [
    'epmapper',
    'ept_insert ept_delete ept_lookup ept_map ept_lookup_handle_free ept_inq_object ept_mgmt_delete ept_map_auth',
  ],
  '12345678-1234-abcd-ef00-01234567cffb': [
    'netlogon',
    'NetrLogonUasLogon NetrLogonUasLogoff NetrLogonSamLogon NetrLogonSamLogoff NetrServerReqChallenge NetrServerAuthenticate NetrServerPasswordSet NetrDatabaseDeltas NetrDatabaseSync NetrAccountDeltas NetrAccountSync NetrGetDCName NetrLogonControl NetrGetAnyDCName NetrLogonControl2 NetrServerAuthenticate2 NetrDatabaseSync2 NetrDatabaseRedo NetrLogonControl2Ex NetrEnumerateTrustedDomains DsrGetDcName NetrLogonGetCapabilities NetrLogonSetServiceBits NetrLogonGetTrustRid NetrLogonComputeServerDigest NetrLogonComputeClientDigest NetrServerAuthenticate3 DsrGetDcNameEx DsrGetSiteName NetrLogonGetDomainInfo NetrServerPasswordSet2 NetrServerPasswordGet NetrLogonSendToSam DsrAddressToSiteNamesW DsrGetDcNameEx2 NetrLogonGetTimeServiceParentDomain NetrEnumerateTrustedDomainsEx DsrAddressToSiteNamesExW DsrGetDcSiteCoverageW NetrLogonSamLogonEx DsrEnumerateDomainTrusts DsrDeregisterDnsHostRecords NetrServerTrustPasswordsGet DsrGetForestTrustInformation NetrGetForestTrustInformation NetrLogonSamLogonWithFlags NetrServerGetTrustInfo',
  ],
  'e3514235-4b06-11d1-ab04-00c04fc2dcd2': [
    'drsuapi',
    'DRSBind DRSUnbind DRSReplicaSync DRSGetNCChanges DRSUpdateRefs DRSReplicaAdd DRSReplicaDel DRSReplicaModify DRSVerifyNames DRSGetMemberships DRSInterDomainMove DRSGetNT4ChangeLog DRSCrackNames DRSWriteSPN DRSRemoveDsServer DRSRemoveDsDomain DRSDomainControllerInfo DRSAddEntry DRSExecuteKCC DRSGetReplInfo DRSAddSidHistory DRSGetMemberships2 DRSReplicaVerifyObjects DRSGetObjectExistence DRSQuerySitesByCost DRSInitDemotion DRSReplicaDemotion DRSFinishDemotion',
  ],
  '3919286a-b10c-11d0-9ba8-00c04fd92ef5': [
    'dssetup',
    'DsRolerGetPrimaryDomainInformation DsRolerDnsNameToFlatName DsRolerDcAsDc DsRolerDcAsReplica DsRolerDemoteDc DsRolerGetDcOperationProgress DsRolerGetDcOperationResults DsRolerCancel',
  ],
  '12345678-1234-abcd-ef00-0123456789ab': [
    'spoolss',
    'RpcEnumPrinters RpcOpenPrinter RpcSetJob RpcGetJob RpcEnumJobs RpcAddPrinter RpcDeletePrinter RpcSetPrinter RpcGetPrinter RpcAddPrinterDriver RpcEnumPrinterDrivers RpcGetPrinterDriver RpcGetPrinterDriverDirectory RpcDeletePrinterDriver RpcAddPrintProcessor RpcEnumPrintProcessors RpcGetPrintProcessorDirectory RpcStartDocPrinter RpcStartPagePrinter RpcWritePrinter RpcEndPagePrinter RpcAbortPrinter RpcReadPrinter RpcEndDocPrinter RpcAddJob RpcScheduleJob RpcGetPrinterData RpcSetPrinterData RpcWaitForPrinterChange RpcClosePrinter *65 RpcRemoteFindFirstPrinterChangeNotificationEx *69 RpcOpenPrinterEx *89 RpcAddPrinterDriverEx',
  ],
  '76f03f96-cdfd-44fc-a22c-64950a001209': ['IRemoteWinspool', '*39 RpcAsyncAddPrinterDriver'],
  'c681d488-d850-11d0-8c52-00c04fd90f7e': [
    'efsrpc',
    'EfsRpcOpenFileRaw EfsRpcReadFileRaw EfsRpcWriteFileRaw EfsRpcCloseRaw EfsRpcEncryptFileSrv EfsRpcDecryptFileSrv EfsRpcQueryUsersOnFile EfsRpcQueryRecoveryAgents EfsRpcRemoveUsersFromFile EfsRpcAddUsersToFile',
  ],
  'df1941c5-fe89-4e79-bf10-463657acf44d': [
    'efsrpc',
    'EfsRpcOpenFileRaw EfsRpcReadFileRaw EfsRpcWriteFileRaw EfsRpcCloseRaw EfsRpcEncryptFileSrv EfsRpcDecryptFileSrv EfsRpcQueryUsersOnFile EfsRpcQueryRecoveryAgents EfsRpcRemoveUsersFromFile EfsRpcAddUsersToFile',
  ],
  '4fc742e0-4a10-11cf-8273-00aa004ae673': [
    'netdfs',
    'NetrDfsManagerGetVersion NetrDfsAdd NetrDfsRemove NetrDfsSetInfo NetrDfsGetInfo NetrDfsEnum *10 NetrDfsAddFtRoot NetrDfsRemoveFtRoot NetrDfsAddStdRoot NetrDfsRemoveStdRoot NetrDfsManagerInitialize',
  ],
  'a8e0653c-2744-4389-a61d-7373df8b2292': [
    'FileServerVssAgent',
    'GetSupportedVersion SetContext StartShadowCopySet AddToShadowCopySet CommitShadowCopySet ExposeShadowCopySet RecoveryCompleteShadowCopySet AbortShadowCopySet IsPathSupported IsPathShadowCopied GetShareMapping DeleteShareMapping PrepareShadowCopySet',
  ],
  '82273fdc-e32a-18c3-3f78-827929dc23ea': [
    'eventlog',
    'ElfrClearELFW ElfrBackupELFW ElfrCloseEL ElfrDeregisterEventSource ElfrNumberOfRecords ElfrOldestRecord ElfrChangeNotify ElfrOpenELW ElfrRegisterEventSourceW ElfrOpenBELW ElfrReadELW ElfrReportEventW',
  ],
  '894de0c0-0d55-11d3-a322-00c04fa321a1': [
    'initshutdown',
    'BaseInitiateShutdown BaseAbortShutdown BaseInitiateShutdownEx',
  ],
  '6bffd098-a112-3610-9833-012892020162': [
    'browser',
    'I_BrowserrServerEnum I_BrowserrDebugCall I_BrowserrQueryOtherDomains I_BrowserrResetNetlogonState I_BrowserrDebugTrace I_BrowserrQueryStatistics I_BrowserResetStatistics',
  ],
  '99fcfec4-5260-101b-bbcb-00aa0021347a': [
    'IOXIDResolver',
    'ResolveOxid SimplePing ComplexPing ServerAlive ResolveOxid2 ServerAlive2',
  ],
  '4d9f4ab8-7d1c-11cf-861e-0020af6e7c57': ['IActivation', 'RemoteActivation'],
  '000001a0-0000-0000-c000-000000000046': ['ISystemActivator', '*3 RemoteGetClassObject RemoteCreateInstance'],
  '00000131-0000-0000-c000-000000000046': ['IRemUnknown', '*3 RemQueryInterface RemAddRef RemRelease'],
  '00000143-0000-0000-c000-000000000046': [
    'IRemUnknown2',
    '*3 RemQueryInterface RemAddRef RemRelease RemQueryInterface2',
  ],
  'f309ad18-d86a-11d0-a075-00c04fb68820': [
    'IWbemLevel1Login',
    '*3 EstablishPosition RequestChallenge WBEMLogin NTLMLogin',
  ],
  '9556dc99-828c-11cf-a37e-00aa003240c7': [
    'IWbemServices',
    '*3 OpenNamespace CancelAsyncCall QueryObjectSink GetObject GetObjectAsync PutClass PutClassAsync DeleteClass DeleteClassAsync CreateClassEnum CreateClassEnumAsync PutInstance PutInstanceAsync DeleteInstance DeleteInstanceAsync CreateInstanceEnum CreateInstanceEnumAsync ExecQuery ExecQueryAsync ExecNotificationQuery ExecNotificationQueryAsync ExecMethod ExecMethodAsync',
  ],
  'afa8bd80-7d8a-11c9-bef4-08002b102989': [
    'mgmt',
    'inq_if_ids inq_stats is_server_listening stop_server_listening inq_princ_name',
  ],
  '3dde7c30-165d-11d1-ab8f-00805f14db40': ['bkrp', 'BackuprKey'],
  'f5cc5a18-4264-101a-8c59-08002b2f8426': [
    'nspi',
    'NspiBind NspiUnbind NspiUpdateStat NspiQueryRows NspiSeekEntries NspiGetMatches NspiResortRestriction NspiDNToMId NspiGetPropList NspiGetProps NspiCompareMIds NspiModProps NspiGetSpecialTable *16 NspiModLinkAtt *19 NspiResolveNames NspiResolveNamesW',
  ],
  '50abc2a4-574d-40b3-9d66-ee4fd5fba076': [
    'DnsServer',
    'R_DnssrvOperation R_DnssrvQuery R_DnssrvComplexOperation R_DnssrvEnumRecords R_DnssrvUpdateRecord R_DnssrvOperation2 R_DnssrvQuery2 R_DnssrvComplexOperation2 R_DnssrvEnumRecords2 R_DnssrvUpdateRecord2',
  ],
  '2f5f6521-ca47-1068-b319-00dd010662db': ['IRemoteSp', 'RemoteSPAttach RemoteSPEventProc RemoteSPDetach'],
  '5a7b91f8-ff00-11d0-a9b2-00c04fb6e6fc': ['msgsvcsend', 'NetrSendMessage'],
  'ae33069b-a2a8-46ee-a235-ddfd339be281': ['IRPCRemoteObject', 'IRPCRemoteObject_Create IRPCRemoteObject_Delete'],
};

function spread(words: string): string[] {
  const operations: string[] = [];
  for (const word of words.split(' ')) {
    if (word.startsWith('*')) while (operations.length < Number(word.slice(1))) operations.push('-');
    else operations.push(word);
  }
  return operations;
}

const interfaces = new Map<string, Interface>(
  Object.entries(table).map(([uuid, [name, words]]) => [uuid, { name, operations: spread(words) }]),
);

/** Name of an interface; undefined when it is not known. */
export const interfaceName = (uuid: string): string | undefined => interfaces.get(uuid)?.name;

/** Name of an interface's operation; undefined when it is not known. */
export function operationName(uuid: string, number: number): string | undefined {
  const name = interfaces.get(uuid)?.operations[number];
  return name === '-' ? undefined : name;
}
