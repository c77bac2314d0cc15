/** The names by which the report finds what is compared. */
export const express = 'empty Express handler';
export const bareHttp = 'bare node:http';
/** Valid checks of TKI Auth. */
export const tki = 'TKI Auth';
/** The same where a set has them on two stores. */
export const fewTitle = 'TKI Auth, few licenses';
export const besideAttempts = 'TKI Auth, beside many attempts';
export const findOne = 'Express with findOne';
export const findAndInsert = 'Express with findOne and insertOne';
